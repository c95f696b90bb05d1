"""One process at a time writes Silver: Hudi tables here have no lock provider of their own."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from lakehouse.errors import LakehouseError
from lakehouse.state import State

# Longer than a batch of live mode, which lets go between two of them.
WAIT_SECONDS, POLL_SECONDS = 120.0, 0.02


@contextmanager
def writing_silver(state: State) -> Iterator[None]:
    """Hold the lock; a crash releases it. Raises LakehouseError after WAIT_SECONDS."""
    state.root.mkdir(parents=True, exist_ok=True)
    with (state.root / "silver.lock").open("a") as file:
        deadline = time.monotonic() + WAIT_SECONDS
        while not _take(file.fileno()):
            if time.monotonic() > deadline:
                raise LakehouseError(
                    f"another process writes Silver in {state.root}; nothing was done. "
                    "Wait for it or stop it (`lakehouse watch` ends with Ctrl-C), then try again."
                )
            time.sleep(POLL_SECONDS)
        yield


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
