"""What to seed: how many rows of each table, over which days, from which seed, how dirty."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time

from ..errors import PlanError
from .dirt.shares import DEFAULT_DIRT, Dirt
from .rows import TABLES
from .vocabulary import COMPANIES

MINIMUM_DAYS, MAXIMUM_DAYS = 30, 366


@dataclass(frozen=True)
class Volumes:
    """Rows per table, over all tenants."""

    tenants: int = 0
    customers: int = 0
    products: int = 0
    orders: int = 0
    items: int = 0
    events: int = 0
    subscriptions: int = 0
    invoices: int = 0

    def by_table(self) -> dict[str, int]:
        """The same, by the name of the table."""
        return dict(zip(TABLES, vars(self).values(), strict=True))


SCALES = {
    "small": Volumes(
        tenants=5,
        customers=500,
        products=250,
        orders=1_500,
        items=4_500,
        events=10_000,
        subscriptions=100,
        invoices=500,
    ),
    "medium": Volumes(
        tenants=8,
        customers=6_400,
        products=800,
        orders=51_200,
        items=153_600,
        events=320_000,
        subscriptions=1_920,
        invoices=10_000,
    ),
    "large": Volumes(
        tenants=10,
        customers=20_000,
        products=1_500,
        orders=240_000,
        items=720_000,
        events=2_000_000,
        subscriptions=8_000,
        invoices=40_000,
    ),
}


@dataclass(frozen=True)
class History:
    """The days start <= day < end (UTC), and the seed that everything in them is drawn from.

    Raises PlanError when there are too few or too many days.
    """

    seed: int
    start: date
    end: date

    def __post_init__(self) -> None:
        days = (self.end - self.start).days
        if days < MINIMUM_DAYS:
            _refuse(f"the end date {self.end} is not at least {MINIMUM_DAYS} days after the start")
        if days > MAXIMUM_DAYS:
            _refuse(f"{self.start} to {self.end} is more than a year ({MAXIMUM_DAYS} days)")

    @property
    def opens_at(self) -> datetime:
        """First moment of the history."""
        return datetime.combine(self.start, time.min, UTC)

    @property
    def closes_at(self) -> datetime:
        """First moment after the history."""
        return datetime.combine(self.end, time.min, UTC)


@dataclass(frozen=True)
class SeedPlan:
    """`volumes` rows of history for an empty database; raises PlanError on contradictions."""

    volumes: Volumes
    seed: int
    start: date
    end: date
    dirt: Dirt = DEFAULT_DIRT

    def __post_init__(self) -> None:
        for problem in _problems(self.volumes):
            _refuse(problem)
        _ = self.history

    @property
    def history(self) -> History:
        """The days, and the seed. Raises PlanError when there are too few or too many."""
        return History(self.seed, self.start, self.end)


@dataclass(frozen=True)
class Addition:
    """`volumes` further rows for the tenants that are there, and for new ones if it has tenants.

    tenant: slug of the only tenant to get some. equally: all tenants get as many, not each by its
    size. Raises PlanError on contradictions.
    """

    volumes: Volumes
    history: History
    dirt: Dirt = DEFAULT_DIRT
    tenant: str | None = None
    equally: bool = False

    def __post_init__(self) -> None:
        for problem in _negative(self.volumes):
            _refuse(problem)
        if self.volumes.items < self.volumes.orders:
            _refuse("every order needs at least one item")


def _refuse(problem: str) -> None:
    raise PlanError(f"{problem}; nothing was seeded; choose other volumes or dates")


def _negative(volumes: Volumes) -> Iterator[str]:
    for field in fields(volumes):
        if getattr(volumes, field.name) < 0:
            yield f"the volume of {field.name} is negative"


def _problems(volumes: Volumes) -> Iterator[str]:
    yield from _negative(volumes)
    checks = {
        f"there are names for 1 to {len(COMPANIES)} tenants only": not (
            1 <= volumes.tenants <= len(COMPANIES)
        ),
        "every tenant needs at least two customers and one product": (
            volumes.customers < 2 * volumes.tenants or volumes.products < volumes.tenants
        ),
        "every order needs at least one item": volumes.items < volumes.orders,
        "there are items but no orders": volumes.items > 0 and volumes.orders == 0,
        "at most every second customer can hold a subscription": (
            volumes.subscriptions * 2 > volumes.customers
        ),
    }
    yield from (problem for problem, holds in checks.items() if holds)
