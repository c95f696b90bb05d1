"""Subscriptions of a tenant's customers; a change of plan is two consecutive ones."""

from collections.abc import Container, Iterator, Sequence
from datetime import date, datetime
from itertools import cycle
from typing import NamedTuple
from uuid import UUID

from .customers import Buyer
from .draw import Chance, money
from .rows import SubscriptionRow
from .shops import Shop
from .timeline import DAY, at_some_hour, between, midnight

# Cents a month, cheapest first.
PLANS = {"basic": 19_00, "plus": 49_00, "pro": 99_00, "business": 249_00}
YEARLY_SHARE, YEARLY_DISCOUNT_PERCENT = 0.15, 15
# Share of the cancelled ones that a change of plan ended.
PLAN_CHANGES = 0.45
UPGRADES = 0.7
TRIAL_DAYS = 14
# Nobody subscribes in the last days of the history and leaves in them again.
SHORTEST = DAY * 3
# Customers of the history's first half subscribe, within this share of their time in it.
EARLY, EAGERNESS = 0.5, 0.5


class Term(NamedTuple):
    """When a subscription runs, and what is paid."""

    plan: str
    status: str
    start: date
    end: date | None
    created_at: datetime


def make_subscriptions(
    shop: Shop, customers: Sequence[Buyer], subscribers: Container[UUID] = frozenset()
) -> list[SubscriptionRow]:
    """The tenant's subscriptions; statuses as dealt to the shop.

    `customers`, oldest first, take turns; `subscribers` have one already and get no other.
    """
    chance = shop.chance("subscriptions", shop.numbers.subscriptions)
    careers = list(_careers(shop))
    free = [customer for customer in customers if customer.id not in subscribers]
    pool = _early(shop, free or customers, len(careers))
    chance.shuffle(pool)
    rows: list[SubscriptionRow] = []
    for statuses, customer in zip(careers, cycle(pool), strict=False):
        rows += _career(chance, shop, customer, statuses)
    return rows


def _early(shop: Shop, customers: Sequence[Buyer], needed: int) -> list[Buyer]:
    """Customers of the history's first part; later ones only when there are too few."""
    length = shop.history.closes_at - shop.opens_at
    latest = shop.opens_at + length * EARLY
    in_time = [c for c in customers if c.created_at < shop.history.closes_at - SHORTEST]
    early = sum(customer.created_at < latest for customer in in_time)
    return (in_time or list(customers))[: max(early, needed)]


def _careers(shop: Shop) -> Iterator[tuple[str, ...]]:
    """Statuses of one customer's subscriptions in order: mostly one, two for a change of plan."""
    statuses = list(shop.subscription_statuses)
    changes = min(statuses.count("active"), round(statuses.count("cancelled") * PLAN_CHANGES))
    for _ in range(changes):
        statuses.remove("cancelled")
        statuses.remove("active")
        yield "cancelled", "active"
    for status in statuses:
        yield (status,)


def _career(
    chance: Chance, shop: Shop, customer: Buyer, statuses: tuple[str, ...]
) -> Iterator[SubscriptionRow]:
    plan = chance.choice(list(PLANS))
    is_yearly = chance.happens(YEARLY_SHARE)
    start = _start(chance, shop, customer, statuses[0])
    created_at = _later_that_day(chance, start, _since(shop, customer))
    for status in statuses:
        end = _end(chance, shop, status, start)
        term = Term(plan, status, start, end, created_at)
        row = _subscription(chance, shop, customer, term, is_yearly=is_yearly)
        yield row
        if end:
            plan, start, created_at = _other_plan(chance, plan), end, row.updated_at


def _since(shop: Shop, customer: Buyer) -> datetime:
    """From when on the customer may subscribe in this history."""
    return max(customer.created_at, shop.history.opens_at)


def _start(chance: Chance, shop: Shop, customer: Buyer, status: str) -> date:
    registered, last_day = _since(shop, customer).date(), shop.history.end - DAY
    if status == "trial":
        return last_day - DAY * chance.randrange(1, TRIAL_DAYS)
    room = (last_day - registered).days
    return registered + DAY * chance.randrange(max(1, round(room * EAGERNESS)))


def _end(chance: Chance, shop: Shop, status: str, start: date) -> date | None:
    if status in {"active", "trial"}:
        return None
    room = (shop.history.end - DAY - start).days
    return start + DAY * max(1, round(room * chance.uniform(0.2, 0.95)))


def _subscription(
    chance: Chance, shop: Shop, customer: Buyer, term: Term, *, is_yearly: bool
) -> SubscriptionRow:
    amount = PLANS[term.plan]
    if is_yearly:
        amount = amount * (100 - YEARLY_DISCOUNT_PERCENT) // 100
    changed_at = at_some_hour(chance, term.end) if term.end else term.created_at
    return SubscriptionRow(
        id=chance.uuid(),
        tenant_id=shop.tenant.id,
        customer_id=customer.id,
        plan_name=term.plan,
        status=term.status,
        start_date=term.start,
        end_date=term.end,
        monthly_amount=money(amount),
        billing_cycle="yearly" if is_yearly else "monthly",
        created_at=term.created_at,
        updated_at=changed_at,
    )


def _other_plan(chance: Chance, plan: str) -> str:
    ladder = list(PLANS)
    step = 1 if chance.happens(UPGRADES) else -1
    position = ladder.index(plan) + step
    return ladder[position] if 0 <= position < len(ladder) else ladder[ladder.index(plan) - step]


def _later_that_day(chance: Chance, day: date, after: datetime) -> datetime:
    moment = at_some_hour(chance, day)
    return moment if moment > after else between(chance, after, midnight(day + DAY))
