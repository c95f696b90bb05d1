"""Tenants, and each one's share of the volumes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from .draw import Chance, deck, split
from .plan import History, SeedPlan, Volumes
from .rows import TenantRow
from .timeline import Timeline, between
from .vocabulary import COMPANIES, TAX_PERCENT, Company

ORDER_STATUSES = {"completed": 80, "processing": 10, "pending": 5, "cancelled": 5}
SUBSCRIPTION_STATUSES = {"active": 70, "trial": 10, "cancelled": 15, "expired": 5}
# Small tenants join until this share of the history is over; the others are there from the start.
JOINING = 0.1
ONBOARDING = timedelta(hours=1)
# What a tenant has at least, as long as there is any.
MINIMUM = {"customers": 2, "products": 1}


@dataclass(frozen=True)
class Tier:
    """How large a tenant is and what it pays for."""

    name: str
    plan: str
    weight: tuple[float, float]
    features: tuple[str, ...]


ENTERPRISE = Tier("enterprise", "enterprise", (8, 12), ("sso", "api", "audit_log", "analytics"))
MID_MARKET = Tier("mid_market", "growth", (2.5, 5), ("api", "analytics"))
SMALL = Tier("small", "starter", (0.6, 1.6), ("analytics",))
FIRST_TIERS = (ENTERPRISE,) * 2 + (MID_MARKET,) * 3
TIERS = {tier.name: tier for tier in (ENTERPRISE, MID_MARKET, SMALL)}


class Numbers(NamedTuple):
    """What a tenant has already: the highest numbers in use; of what has no numbers, the rows."""

    customers: int = 0
    products: int = 0
    orders: int = 0
    events: int = 0
    subscriptions: int = 0
    invoices: int = 0


class Member(NamedTuple):
    """A tenant with the code that begins its order numbers, and the numbers it has used."""

    tenant: TenantRow
    code: str
    numbers: Numbers = Numbers()


@dataclass(frozen=True)
class Shop:
    """One tenant, what is to be made for it, and when.

    joined_at: when the tenant joined, or the history's start if it was there before.
    """

    history: History
    tenant: TenantRow
    code: str
    numbers: Numbers
    joined_at: datetime
    volumes: Volumes
    timeline: Timeline
    order_statuses: Mapping[str, int]
    subscription_statuses: Sequence[str]

    @property
    def has_volumes(self) -> bool:
        """Whether there is anything to make besides the tenant itself."""
        return any(replace(self.volumes, tenants=0).by_table().values())

    @property
    def opens_at(self) -> datetime:
        """When visitors first come: the first customers and products exist by then."""
        return self.joined_at + ONBOARDING

    @property
    def country(self) -> str:
        """Where the tenant is, if that is a country that there are names for."""
        country = self.tenant.settings.get("country")
        return country if country in TAX_PERCENT else "US"

    def chance(self, *purpose: object) -> Chance:
        """Random numbers for one purpose within this tenant."""
        return Chance(self.history.seed, *purpose, self.code)


def make_members(history: History, companies: Sequence[Company]) -> list[Member]:
    """A tenant per company."""
    return [Member(_tenant(history, company), company.code) for company in companies]


def slug_of(company: Company) -> str:
    """The company's slug; it ends with its code."""
    word = company.name.split()[0].lower().encode("ascii", "ignore").decode()
    return f"{word}-{company.code.lower()}"


def planned_shops(plan: SeedPlan) -> list[Shop]:
    """One shop per tenant of a new database; their volumes add up to the plan's."""
    members = make_members(plan.history, COMPANIES[: plan.volumes.tenants])
    return open_shops(plan.history, members, plan.volumes)


def open_shops(
    history: History, members: Sequence[Member], volumes: Volumes, *, equally: bool = False
) -> list[Shop]:
    """The members' shops; volumes are split by their sizes, or equally."""
    weights = [1.0 if equally else _weight(history, member) for member in members]
    shares = _shares(volumes, weights)
    orders = iter(deck(Chance(history.seed, "order statuses"), volumes.orders, ORDER_STATUSES))
    subscriptions = iter(
        deck(
            Chance(history.seed, "subscription statuses"),
            volumes.subscriptions,
            SUBSCRIPTION_STATUSES,
        )
    )
    timeline = Timeline(history.start, history.end)
    return [
        Shop(
            history=history,
            tenant=member.tenant,
            code=member.code,
            numbers=member.numbers,
            joined_at=max(member.tenant.created_at, history.opens_at),
            volumes=share,
            timeline=timeline,
            order_statuses=_counts(next(orders) for _ in range(share.orders)),
            subscription_statuses=[next(subscriptions) for _ in range(share.subscriptions)],
        )
        for member, share in zip(members, shares, strict=True)
    ]


def _weight(history: History, member: Member) -> float:
    tier = TIERS.get(str(member.tenant.settings.get("tier")), SMALL)
    return Chance(history.seed, "size", member.code).uniform(*tier.weight)


def _counts(statuses: Iterable[str]) -> dict[str, int]:
    return dict.fromkeys(ORDER_STATUSES, 0) | Counter(statuses)


def _shares(volumes: Volumes, weights: list[float]) -> list[Volumes]:
    """Split every volume by the same weights; each order keeps at least one item."""
    parts = {
        f.name: split(
            getattr(volumes, f.name),
            weights,
            minimum=min(MINIMUM.get(f.name, 0), getattr(volumes, f.name) // len(weights)),
        )
        for f in fields(volumes)
    }
    further_items = split(volumes.items - volumes.orders, parts["orders"])
    parts["items"] = [sum(pair) for pair in zip(parts["orders"], further_items, strict=True)]
    parts["tenants"] = [1] * len(weights)
    return [
        Volumes(**{name: part[number] for name, part in parts.items()})
        for number in range(len(weights))
    ]


def _tenant(history: History, company: Company) -> TenantRow:
    number = COMPANIES.index(company)
    tier = FIRST_TIERS[number] if number < len(FIRST_TIERS) else SMALL
    chance = Chance(history.seed, "tenant", company.code)
    latest = history.opens_at + ONBOARDING
    if tier is SMALL:
        latest += (history.closes_at - history.opens_at) * JOINING
    created_at = between(chance, history.opens_at, latest)
    slug = slug_of(company)
    return TenantRow(
        id=chance.uuid(),
        name=company.name,
        slug=slug,
        domain=f"{slug.partition('-')[0]}.example.com" if chance.happens(0.8) else None,
        created_at=created_at,
        updated_at=between(chance, created_at, history.closes_at),
        is_active=True,
        settings={
            "plan": tier.plan,
            "tier": tier.name,
            "currency": company.currency,
            "country": company.country,
            "tax_percent": TAX_PERCENT[company.country],
            "features": list(tier.features),
        },
    )
