"""One process at a time writes Silver: Hudi tables here have no lock provider of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

from lakehouse.errors import LakehouseError
from lakehouse.locks import locked
from lakehouse.state import State

# Longer than a batch of live mode, which lets go between two of them.
WAIT_SECONDS, POLL_SECONDS = 120.0, 0.02


@contextmanager
def writing_silver(state: State) -> Iterator[None]:
    """Hold the lock; a crash releases it. Raises LakehouseError after WAIT_SECONDS."""
    refusal = LakehouseError(
        f"another process writes Silver in {state.root}; nothing was done. "
        "Wait for it or stop it (`lakehouse watch` ends with Ctrl-C), then try again."
    )
    with locked(state.root / "silver.lock", refusal=refusal, wait=WAIT_SECONDS, poll=POLL_SECONDS):
        yield
