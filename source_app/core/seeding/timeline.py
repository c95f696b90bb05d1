"""When things happen: growth over the history, weekly rhythm, month ends, hours of the day."""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from .draw import Chance, Weights, split

# Share of all rows in each part of the history: its first sixth, the next two, its second half.
GROWTH = ((1 / 6, 0.10), (1 / 2, 0.30), (1.0, 0.60))
# Within a part it grows too: from this multiple of the average day on the first day of the history
# to the other on its last; a straight line that comes near the shares above by itself.
FIRST_DAY, LAST_DAY = 0.52, 1.48
WEEKDAYS = (1.0, 0.95, 0.95, 1.0, 1.1, 1.25, 1.15)
MONTH_END, MONTH_END_DAYS = 1.2, 3
HOURS = (2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 9, 9, 10, 9, 8, 8, 8, 9, 11, 13, 13, 11, 7, 4)
HOUR = Weights(dict(enumerate(HOURS)))
DAY = timedelta(days=1)


class Timeline:
    """Draws moments of a history; later days get more, as a growing shop does."""

    def __init__(self, start: date, end: date) -> None:
        self.start, self.end = start, end
        days = [start + DAY * n for n in range((end - start).days)]
        self._weights = _with_growth([_rhythm(day) for day in days])
        self._cumulative = list(accumulate(self._weights))

    def moment(self, chance: Chance, after: datetime) -> datetime:
        """A moment later than `after` and before the end of the history."""
        first = (after.date() - self.start).days
        floor = self._cumulative[first - 1] if first > 0 else 0.0
        point = chance.uniform(floor, self._cumulative[-1])
        day = min(bisect_right(self._cumulative, point), len(self._cumulative) - 1)
        moment = at_some_hour(chance, self.start + DAY * day)
        return moment if moment > after else between(chance, after, midnight(after.date() + DAY))

    def days(self, total: int, opens_at: datetime) -> list[tuple[date, int]]:
        """`total` spread over the days from `opens_at` on, in the same shape."""
        first = max(0, (opens_at.date() - self.start).days)
        counts = split(total, self._weights[first:])
        return [(self.start + DAY * (first + n), count) for n, count in enumerate(counts)]


def at_some_hour(chance: Chance, day: date) -> datetime:
    """A moment of that day, more often in the evening than at night."""
    hour = chance.one_of(HOUR)
    return midnight(day) + timedelta(hours=hour, microseconds=int(chance.random() * 3.6e9))


def between(chance: Chance, after: datetime, before: datetime) -> datetime:
    """A moment of the open interval; `after` itself when it is empty."""
    width = (before - after) // timedelta(microseconds=1)
    return after + timedelta(microseconds=chance.randrange(1, width) if width > 1 else 0)


def midnight(day: date) -> datetime:
    """First moment of a UTC day."""
    return datetime.combine(day, time.min, UTC)


def _rhythm(day: date) -> float:
    ends_month = (day + DAY * MONTH_END_DAYS).month != day.month
    return WEEKDAYS[day.weekday()] * (MONTH_END if ends_month else 1.0)


def _with_growth(rhythm: list[float]) -> list[float]:
    """Let the days grow, then scale each part so that it sums to its share of GROWTH."""
    step = (LAST_DAY - FIRST_DAY) / len(rhythm)
    growing = [day * (FIRST_DAY + step * n) for n, day in enumerate(rhythm)]
    weights: list[float] = []
    for until, share in GROWTH:
        part = growing[len(weights) : round(until * len(growing))]
        weights += [day * share / sum(part) for day in part]
    return weights
