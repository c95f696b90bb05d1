"""Asks the database."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..plan import History
from . import billing, tenants, time_shape, trade, visits
from .probe import Wanted

PROBES = (
    *tenants.PROBES,
    *time_shape.PROBES,
    *trade.PROBES,
    *visits.PROBES,
    *billing.PROBES,
)


class Measure(NamedTuple):
    """One number beside what was wanted; no number when the database has no such rows."""

    wanted: Wanted
    number: float | None

    @property
    def holds(self) -> bool:
        """Whether it is as wanted."""
        found = self.number
        return found is not None and self.wanted.lowest <= found <= self.wanted.highest


def measure(cursor: Any, history: History) -> Iterator[Measure]:
    """All rules, one after the other."""
    for probe in PROBES:
        cursor.execute(probe.query, {"start": history.opens_at, "end": history.closes_at})
        for wanted, number in zip(probe.wanted, cursor.fetchone(), strict=True):
            yield Measure(wanted, None if number is None else float(number))
