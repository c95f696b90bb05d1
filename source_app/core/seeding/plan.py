"""What to seed: how many rows of each table, over which days, from which seed."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time

from ..errors import PlanError
from .vocabulary import COMPANIES

MINIMUM_DAYS = 30


@dataclass(frozen=True)
class Volumes:
    """Rows per table, over all tenants."""

    tenants: int
    customers: int
    products: int
    orders: int
    items: int
    events: int
    subscriptions: int
    invoices: int


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
}


@dataclass(frozen=True)
class SeedPlan:
    """A history of `volumes` rows in the days start <= day < end (UTC), drawn from `seed`.

    Raises PlanError when volumes or dates contradict each other.
    """

    volumes: Volumes
    seed: int
    start: date
    end: date

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise PlanError(f"{problem}; nothing was seeded; choose other volumes or dates")

    @property
    def opens_at(self) -> datetime:
        """First moment of the history."""
        return datetime.combine(self.start, time.min, UTC)

    @property
    def closes_at(self) -> datetime:
        """First moment after the history."""
        return datetime.combine(self.end, time.min, UTC)


def _problems(plan: SeedPlan) -> list[str]:
    volumes = plan.volumes
    checks = {
        f"the end date {plan.end} is not at least {MINIMUM_DAYS} days after the start date "
        f"{plan.start}": (plan.end - plan.start).days < MINIMUM_DAYS,
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
        "a volume is negative": any(getattr(volumes, f.name) < 0 for f in fields(volumes)),
    }
    return [problem for problem, holds in checks.items() if holds]
