"""Tenants, and each one's share of the volumes."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from .draw import Chance, deck, split
from .plan import SeedPlan, Volumes
from .rows import TenantRow
from .timeline import Timeline, between
from .vocabulary import COMPANIES, TAX_PERCENT, Company

ORDER_STATUSES = {"completed": 80, "processing": 10, "pending": 5, "cancelled": 5}
SUBSCRIPTION_STATUSES = {"active": 70, "trial": 10, "cancelled": 15, "expired": 5}
# The last tenant joins when this share of the history is over.
JOINING = 0.1
ONBOARDING = timedelta(hours=1)


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
TIERS = (ENTERPRISE,) * 2 + (MID_MARKET,) * 3


@dataclass(frozen=True)
class Shop:
    """One tenant, what is to be made for it, and when."""

    plan: SeedPlan
    number: int
    company: Company
    tenant: TenantRow
    volumes: Volumes
    timeline: Timeline
    order_statuses: tuple[str, ...]
    subscription_statuses: tuple[str, ...]

    @property
    def opens_at(self) -> datetime:
        """When visitors first come: the first customers and products exist by then."""
        return self.tenant.created_at + ONBOARDING

    def chance(self, purpose: str) -> Chance:
        """Random numbers for one table of this tenant."""
        return Chance(self.plan.seed, purpose, self.number)


def make_shops(plan: SeedPlan) -> list[Shop]:
    """One shop per tenant; their volumes add up to the plan's."""
    chance = Chance(plan.seed, "tenants")
    tiers = [TIERS[n] if n < len(TIERS) else SMALL for n in range(plan.volumes.tenants)]
    volumes = _shares(plan.volumes, [chance.uniform(*tier.weight) for tier in tiers])
    orders = iter(deck(chance, plan.volumes.orders, ORDER_STATUSES))
    subscriptions = iter(deck(chance, plan.volumes.subscriptions, SUBSCRIPTION_STATUSES))
    timeline = Timeline(plan.start, plan.end)
    return [
        Shop(
            plan=plan,
            number=number,
            company=COMPANIES[number],
            tenant=_tenant(chance, plan, COMPANIES[number], tier, is_first=number == 0),
            volumes=volumes[number],
            timeline=timeline,
            order_statuses=tuple(next(orders) for _ in range(volumes[number].orders)),
            subscription_statuses=tuple(
                next(subscriptions) for _ in range(volumes[number].subscriptions)
            ),
        )
        for number, tier in enumerate(tiers)
    ]


def _shares(volumes: Volumes, weights: list[float]) -> list[Volumes]:
    """Split every volume by the same weights; each order keeps at least one item."""
    minimum = {"tenants": 1, "customers": 2, "products": 1}
    parts = {
        f.name: split(getattr(volumes, f.name), weights, minimum=minimum.get(f.name, 0))
        for f in fields(volumes)
    }
    further_items = split(volumes.items - volumes.orders, parts["orders"])
    parts["items"] = [sum(pair) for pair in zip(parts["orders"], further_items, strict=True)]
    return [
        Volumes(**{name: part[number] for name, part in parts.items()})
        for number in range(len(weights))
    ]


def _tenant(
    chance: Chance, plan: SeedPlan, company: Company, tier: Tier, *, is_first: bool
) -> TenantRow:
    joined_after = timedelta() if is_first else (plan.closes_at - plan.opens_at) * JOINING
    created_at = between(chance, plan.opens_at, plan.opens_at + joined_after + ONBOARDING)
    slug = company.name.split()[0].lower().encode("ascii", "ignore").decode()
    return TenantRow(
        id=chance.uuid(),
        name=company.name,
        slug=f"{slug}-{company.code.lower()}",
        domain=f"{slug}.example.com" if chance.happens(0.8) else None,
        created_at=created_at,
        updated_at=between(chance, created_at, plan.closes_at),
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
