"""Live mode from its start to its end."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.live.status import STAGES, StageStatus, live_folder, read_status
from lakehouse.live.supervisor import Stage, Supervisor
from lakehouse.locks import locked
from lakehouse.state import STATE_VARIABLE, State

LOOK_SECONDS = 0.5
Statuses = dict[str, StageStatus | None]
OnLook = Callable[[Statuses, Supervisor], None]


def watch(
    home: EmbeddedHome,
    on_look: OnLook,
    *,
    pauses: dict[str, float],
    seconds: float | None = None,
) -> tuple[Statuses, Supervisor]:
    """Keep the stages running until a signal comes, or for so many seconds; then stop them.

    pauses are the seconds between two cycles of each stage that is to run. Returns the last
    statuses and the supervisor. Raises LakehouseError when another live mode runs on this state,
    or when a stage had to be killed at the end; SourceDatabaseError when the source is down.
    """
    home.dsn()
    with _alone(home.state), _signals() as stop:
        for name in STAGES:
            (live_folder(home.state) / f"{name}.json").unlink(missing_ok=True)
        supervisor = Supervisor(
            {name: Stage(_command(name, pause)) for name, pause in pauses.items()},
            logs=home.state.logs,
            environment={**os.environ, STATE_VARIABLE: str(home.state.root)},
        )
        deadline = time.monotonic() + seconds if seconds else None
        try:
            while not stop.is_set() and (deadline is None or time.monotonic() < deadline):
                supervisor.tend()
                on_look(_statuses(home.state), supervisor)
                stop.wait(LOOK_SECONDS)
        finally:
            all_ended = supervisor.stop()
    if not all_ended:
        raise LakehouseError(
            "a stage did not end in time and was killed; nothing is lost. The next run goes on "
            f"where its last commit was. See {home.state.logs}"
        )
    return _statuses(home.state), supervisor


def _command(stage: str, pause: float) -> list[str]:
    return [sys.executable, "-m", "lakehouse.live.process", stage, str(pause)]


def _statuses(state: State) -> Statuses:
    return {name: read_status(state, name) for name in STAGES}


def _alone(state: State) -> AbstractContextManager[None]:
    refusal = LakehouseError(f"another `lakehouse watch` runs on {state.root}; nothing was started")
    return locked(live_folder(state) / "lock", refusal=refusal)


@contextmanager
def _signals() -> Iterator[threading.Event]:
    """The first SIGINT or SIGTERM asks for a clean stop; a second one acts as usual."""
    stop, before = threading.Event(), {}

    def ask(*_: object) -> None:
        stop.set()
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
