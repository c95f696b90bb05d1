"""Customers of a tenant, and how they behave as buyers."""

import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from .draw import Chance, Shelf, Weights
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
# Regulars, and how many orders one of them places for each of another customer. With those who come
# late or leave, the best 30 % of the customers then place 70 % of the orders.
REGULAR_SHARE, REGULAR_WEIGHT = 0.3, 1.8
# Customers that go for good, and for how many days the average one of them stays.
LEAVING_SHARE, STAY_DAYS = 0.55, 50.0
NEVER = datetime.max.replace(tzinfo=UTC)
NEWSLETTERS = Weights({"weekly": 3, "monthly": 4, "never": 3})
TRIES_FOR_A_PRESENT_BUYER = 12


class Buyer(NamedTuple):
    """What a purchase needs to know of a customer; `leaves_at` ends its active time."""

    id: UUID
    created_at: datetime
    country: str
    leaves_at: datetime = NEVER


class Buyers:
    """Buyers to pick from: a few regulars buy most, and some have left for good."""

    def __init__(self, shop: Shop, known: Iterable[Buyer]) -> None:
        chance = shop.chance("loyalty")
        buyers = [buyer._replace(leaves_at=_leaves_at(chance, buyer)) for buyer in known]
        weights = [REGULAR_WEIGHT if chance.happens(REGULAR_SHARE) else 1.0 for _ in buyers]
        self._shelf = Shelf(buyers, weights)

    def pick(self, chance: Chance, at: datetime) -> Buyer:
        """A customer of that moment; the last tried one when all that were tried have left."""
        for _ in range(TRIES_FOR_A_PRESENT_BUYER):
            buyer = self._shelf.pick(chance, at)
            if buyer.leaves_at > at:
                break
        return buyer


def make_customers(shop: Shop) -> list[CustomerRow]:
    """The tenant's customers, oldest first; e-mail addresses are unique within the tenant."""
    taken = shop.numbers.customers
    chance = shop.chance("customers", taken)
    count = shop.volumes.customers
    imported = 0 if taken else min(count, max(IMPORTED_MINIMUM, round(count * IMPORTED_SHARE)))
    created = [between(chance, shop.joined_at, shop.opens_at) for _ in range(imported)]
    created += [shop.timeline.moment(chance, shop.opens_at) for _ in range(count - imported)]
    return [_customer(chance, shop, n, at) for n, at in enumerate(sorted(created), start=taken + 1)]


def as_buyer(row: CustomerRow) -> Buyer:
    """The customer as a buyer."""
    return Buyer(row.id, row.created_at, row.metadata["country"])


def _leaves_at(chance: Chance, buyer: Buyer) -> datetime:
    leaves, days = chance.happens(LEAVING_SHARE), chance.expovariate(1 / STAY_DAYS)
    return buyer.created_at + timedelta(days=days) if leaves else NEVER


def _customer(chance: Chance, shop: Shop, number: int, created_at: datetime) -> CustomerRow:
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    country = shop.country if chance.happens(0.85) else chance.choice(list(CITIES))
    changed = chance.happens(0.3)
    return CustomerRow(
        id=chance.uuid(),
        tenant_id=shop.tenant.id,
        email=f"{_ascii(first)}.{_ascii(last)}{number}@{chance.choice(EMAIL_DOMAINS)}",
        first_name=first,
        last_name=last,
        phone=_phone(chance, country) if chance.happens(0.75) else None,
        created_at=created_at,
        updated_at=between(chance, created_at, shop.history.closes_at) if changed else created_at,
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
            "newsletter": chance.one_of(NEWSLETTERS),
        },
    }


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore")
    return "".join(letter for letter in plain.decode().lower() if letter.isalpha())


def _phone(chance: Chance, country: str) -> str:
    """A number of a range that the country's regulator keeps for fiction, written as people do.

    All are valid for libphonenumber; the British mobile range of that kind would not be.
    """
    last = chance.randrange(100, 200)
    return {
        "US": f"+1 (212) 555-0{last}",
        "GB": f"+44 20 7946 0{last}",
        "DE": f"+49 30 23125 {last}",
        "FR": f"+33 1 99 00 {last // 100:02d} {last % 100:02d}",
        "NO": f"+47 22 00 0{last // 100} {last % 100:02d}",
    }[country]
