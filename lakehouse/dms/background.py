"""Work in the background, strictly in order, that stops at its first failure."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

# So much may wait for its turn before `do` waits: memory stays bounded.
MAX_WAITING = 2


class InOrder:
    """One thread that does what it is given, one after the other.

    A failure ends it: what waits is not done, and the next call raises the failure.
    """

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._waiting: deque[Future[None]] = deque()
        self._failed = False

    def __enter__(self) -> "InOrder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._failed = True
        self._executor.shutdown(wait=True, cancel_futures=error is not None)

    @property
    def is_idle(self) -> bool:
        """Whether everything is done. Raises the failure of what was."""
        self._collect()
        return not self._waiting

    def do(self, work: Callable[[], None]) -> None:
        """Do this after what was given before. Raises the failure of earlier work."""
        self._collect()
        while len(self._waiting) > MAX_WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._executor.submit(self._attempt, work))

    def finish(self) -> None:
        """Wait until everything is done. Raises its failure."""
        while self._waiting:
            self._waiting.popleft().result()

    def _collect(self) -> None:
        while self._waiting and self._waiting[0].done():
            self._waiting.popleft().result()

    def _attempt(self, work: Callable[[], None]) -> None:
        if self._failed:
            return
        try:
            work()
        except BaseException:
            self._failed = True
            raise
