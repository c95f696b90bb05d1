"""Customers of a tenant."""

import unicodedata
from datetime import datetime

from .draw import Chance, Shelf
from .rows import CustomerRow, Json
from .shops import Shop
from .timeline import between
from .vocabulary import (
    AGE_BANDS,
    CATEGORIES,
    CHANNELS,
    CITIES,
    EMAIL_DOMAINS,
    FIRST_NAMES,
    LANGUAGES,
    LAST_NAMES,
)

# Customers that the tenant brought along when it joined.
IMPORTED_SHARE, IMPORTED_MINIMUM = 0.15, 2
# 30 % of the customers place 70 % of the orders.
REGULAR_SHARE, REGULAR_ORDERS = 0.3, 0.7
REGULAR_WEIGHT = (REGULAR_ORDERS / REGULAR_SHARE) / ((1 - REGULAR_ORDERS) / (1 - REGULAR_SHARE))


def make_customers(shop: Shop) -> list[CustomerRow]:
    """The tenant's customers, oldest first; e-mail addresses are unique within the tenant."""
    chance = shop.chance("customers")
    count = shop.volumes.customers
    imported = min(count, max(IMPORTED_MINIMUM, round(count * IMPORTED_SHARE)))
    created = [between(chance, shop.tenant.created_at, shop.opens_at) for _ in range(imported)]
    created += [shop.timeline.moment(chance, shop.opens_at) for _ in range(count - imported)]
    return [_customer(chance, shop, n, at) for n, at in enumerate(sorted(created), start=1)]


def customer_shelf(shop: Shop, customers: list[CustomerRow]) -> Shelf[CustomerRow]:
    """Customers to pick buyers from: a few regulars buy most."""
    chance = shop.chance("loyalty")
    weights = [REGULAR_WEIGHT if chance.happens(REGULAR_SHARE) else 1.0 for _ in customers]
    return Shelf(customers, weights)


def _customer(chance: Chance, shop: Shop, number: int, created_at: datetime) -> CustomerRow:
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    country = shop.company.country if chance.happens(0.85) else chance.choice(list(CITIES))
    changed = chance.happens(0.3)
    return CustomerRow(
        id=chance.uuid(),
        tenant_id=shop.tenant.id,
        email=f"{_ascii(first)}.{_ascii(last)}{number}@{chance.choice(EMAIL_DOMAINS)}",
        first_name=first,
        last_name=last,
        phone=_phone(chance, country) if chance.happens(0.75) else None,
        created_at=created_at,
        updated_at=between(chance, created_at, shop.plan.closes_at) if changed else created_at,
        is_active=chance.happens(0.95),
        metadata=_metadata(chance, country),
    )


def _metadata(chance: Chance, country: str) -> Json:
    return {
        "country": country,
        "age_band": chance.one_of(AGE_BANDS),
        "acquisition_channel": chance.one_of(CHANNELS),
        "marketing_consent": chance.happens(0.6),
        "preferences": {
            "language": LANGUAGES[country],
            "favourite_category": chance.choice(list(CATEGORIES)),
            "newsletter": chance.one_of({"weekly": 3, "monthly": 4, "never": 3}),
        },
    }


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore")
    return "".join(letter for letter in plain.decode().lower() if letter.isalpha())


def _phone(chance: Chance, country: str) -> str:
    """A number of a range that the country's regulator keeps for fiction, written as people do."""
    last = chance.randrange(100, 200)
    return {
        "US": f"+1 (212) 555-0{last}",
        "GB": f"+44 7700 900{last}",
        "DE": f"+49 30 23125 {last}",
        "FR": f"+33 1 99 00 {last // 100:02d} {last % 100:02d}",
        "NO": f"+47 22 00 0{last // 100} {last % 100:02d}",
    }[country]
