"""Locks between processes, which a crash releases."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(
    path: Path, *, refusal: Exception, wait: float = 0.0, poll: float = 0.02
) -> Iterator[None]:
    """Hold the lock of the file, made with its folder; raise refusal after `wait` seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        deadline = time.monotonic() + wait
        while not _take(file.fileno()):
            if time.monotonic() >= deadline:
                raise refusal
            time.sleep(poll)
        yield


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
