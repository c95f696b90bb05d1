"""One program at a time works on a task: state, slot and sequence belong together."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lakehouse.dms.errors import TaskStateError

# A running task lets go of the lock between two readings, for PAUSE_SECONDS.
WAIT_SECONDS, POLL_SECONDS, PAUSE_SECONDS = 60.0, 0.01, 0.05


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the lock of the task whose state is in the folder; a crash releases it.

    Raises TaskStateError when another program holds it for WAIT_SECONDS.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as file:
        deadline = time.monotonic() + WAIT_SECONDS
        while not _take(file.fileno()):
            if time.monotonic() > deadline:
                raise TaskStateError(
                    f"another program works on the replication task in {folder}; nothing was "
                    "done. Wait for it or stop it, then run the command again."
                )
            time.sleep(POLL_SECONDS)
        yield


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
