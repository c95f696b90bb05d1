"""What is measured."""

from typing import NamedTuple


class Wanted(NamedTuple):
    """A number that is wanted, and how far below and above it may be."""

    name: str
    aim: str
    lowest: float
    highest: float


class Probe(NamedTuple):
    """A query that gives one row with one number per wanted one.

    %(start)s and %(end)s are the first moment of the history and the first after it.
    """

    wanted: tuple[Wanted, ...]
    query: str


def near(name: str, aim: float, tolerance: float) -> Wanted:
    """A number near the aim."""
    return Wanted(name, f"{aim:g} ± {tolerance:g}", aim - tolerance, aim + tolerance)


def between(name: str, lowest: float, highest: float) -> Wanted:
    """A number in a range."""
    return Wanted(name, f"{lowest:g} to {highest:g}", lowest, highest)
