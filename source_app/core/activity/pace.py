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

    def keep(self, done: int, *, until: float | None = None) -> None:
        """Wait until this many are due, but no longer than `until` seconds after the start."""
        due = done / self._rate if self._rate else 0.0
        ahead = (due if until is None else min(due, until)) - self.seconds
        if ahead > 0:
            self._wait(ahead)
