"""One program at a time works on a task: state, slot and sequence belong together."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lakehouse.dms.errors import TaskStateError
from lakehouse.locks import locked

# A running task lets go of the lock between two readings, for PAUSE_SECONDS.
WAIT_SECONDS, POLL_SECONDS, PAUSE_SECONDS = 60.0, 0.01, 0.05


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the lock of the task whose state is in the folder; a crash releases it.

    Raises TaskStateError when another program holds it for WAIT_SECONDS.
    """
    refusal = TaskStateError(
        f"another program works on the replication task in {folder}; nothing was "
        "done. Wait for it or stop it, then run the command again."
    )
    with locked(folder / "lock", refusal=refusal, wait=WAIT_SECONDS, poll=POLL_SECONDS):
        yield
