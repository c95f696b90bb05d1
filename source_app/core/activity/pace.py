"""Holds a rate: work that is ahead waits, work that is behind does not."""

import time
from collections.abc import Callable


class Pace:
    """So many things per second on average since the start; None never waits."""

    def __init__(
        self,
        rate: float | None,
        *,
        wait: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate, self._wait, self._clock = rate, wait, clock
        self._started = clock()

    @property
    def seconds(self) -> float:
        """Since the start."""
        return self._clock() - self._started

    def keep(self, done: int) -> None:
        """Wait until this many are due."""
        ahead = done / self._rate - self.seconds if self._rate else 0.0
        if ahead > 0:
            self._wait(ahead)
