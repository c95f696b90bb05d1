"""The process of one stage: `python -m lakehouse.live.process STAGE PAUSE_SECONDS`.

SIGTERM lets the running cycle end. The process also ends when the one that started it is gone.
An error that is known (a source that is down, a table that a quality rule stops) is written into
the status and tried again; any other ends the process, for the supervisor to start it anew.
"""

import os
import signal
import sys
import threading
from dataclasses import replace

from contracts import ContractError
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.live.stages import CYCLES, Cycle
from lakehouse.live.status import FAILING, STOPPED, StageStatus, read_status, write_status
from lakehouse.state import current_state
from spark_bronze_to_silver.errors import SilverJobError

RETRY_SECONDS, PARENT_SECONDS = 5.0, 1.0
# Gold takes what the stages before it leave of the cores, so changes reach Silver soon.
NICENESS = {"gold": 10}
KNOWN = (LakehouseError, ContractError, SilverJobError)


def main() -> None:
    """Run the stage until it is told to stop."""
    stage, pause = sys.argv[1], float(sys.argv[2])
    os.nice(NICENESS.get(stage, 0))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_follow_parent, args=(os.getppid(), stop), daemon=True).start()
    home = EmbeddedHome(current_state(), goes_on=True)
    before = read_status(home.state, stage)
    # What was reached stays reached; rows are counted anew.
    status = StageStatus(stage, os.getpid(), horizon=before.horizon if before else None)
    write_status(home.state, status)
    _run(home, CYCLES[stage](home), status, stop, pause)


def _run(
    home: EmbeddedHome, cycle: Cycle, status: StageStatus, stop: threading.Event, pause: float
) -> None:
    while not stop.is_set():
        wait = pause
        try:
            status = cycle(status)
        except KNOWN as error:
            status, wait = replace(status, state=FAILING, error=str(error)), RETRY_SECONDS
        write_status(home.state, status)
        stop.wait(wait)
    write_status(home.state, replace(status, state=STOPPED))


def _follow_parent(parent: int, stop: threading.Event) -> None:
    while not stop.wait(PARENT_SECONDS):
        if os.getppid() != parent:
            stop.set()


if __name__ == "__main__":
    main()
