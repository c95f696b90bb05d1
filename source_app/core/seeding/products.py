"""Products of a tenant."""

import math
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from .draw import Chance, Shelf, Weights, money
from .rows import ProductRow
from .shops import Shop
from .timeline import between
from .vocabulary import ADJECTIVES, CATEGORIES, Category

LAUNCH_SHARE = 0.85  # in the catalogue from the first day; the others come later
OUT_OF_STOCK = 0.06
SPREAD = 0.9  # standard deviation of the logarithm of the price
# Products of the upper range, from this multiple of the typical price to the category's highest.
PREMIUM_SHARE, PREMIUM_FROM = 0.05, 3
# Cheap products sell more often: sales fall with this power of the price.
PRICE_ELASTICITY = 1.0
FAVOUR = 0.5  # standard deviation of the logarithm of the popularity
# Cents below the whole amount.
ENDINGS = Weights({1: 70, 5: 15, 50: 10, 0: 5})


class Good(NamedTuple):
    """What a sale needs to know of a product; the price is in cents."""

    id: UUID
    created_at: datetime
    price: int


def make_products(shop: Shop) -> list[ProductRow]:
    """The tenant's catalogue, oldest first."""
    taken = shop.numbers.products
    chance = shop.chance("products", taken)
    count = shop.volumes.products
    at_launch = 0 if taken else min(count, max(1, round(count * LAUNCH_SHARE)))
    created = [between(chance, shop.joined_at, shop.opens_at) for _ in range(at_launch)]
    created += [shop.timeline.moment(chance, shop.opens_at) for _ in range(count - at_launch)]
    return [_product(chance, shop, n, at) for n, at in enumerate(sorted(created), start=taken + 1)]


def as_good(row: ProductRow) -> Good:
    """The product as something to sell."""
    return Good(row.id, row.created_at, round(row.price * 100))


def goods_shelf(shop: Shop, known: Iterable[Good]) -> Shelf[Good]:
    """Products to pick sales from: cheap ones and a few favourites sell most."""
    chance = shop.chance("popularity")
    goods = list(known)
    weights = [
        (max(good.price, 1) / 100) ** -PRICE_ELASTICITY * chance.lognormvariate(0, FAVOUR)
        for good in goods
    ]
    return Shelf(goods, weights)


def _product(chance: Chance, shop: Shop, number: int, created_at: datetime) -> ProductRow:
    name_of_category = chance.choice(list(CATEGORIES))
    category = CATEGORIES[name_of_category]
    word, adjective = chance.choice(category.words), chance.choice(ADJECTIVES)
    price = _price(chance, category)
    changed = chance.happens(0.4)
    return ProductRow(
        id=chance.uuid(),
        tenant_id=shop.tenant.id,
        sku=f"{category.code}-{number:05d}",
        name=f"{adjective} {word} {chance.randrange(10, 100)}",
        description=f"{adjective} {word.lower()} from the {name_of_category} range.",
        category=name_of_category,
        price=money(price),
        cost=money(round(price * chance.uniform(0.35, 0.75))),
        stock_quantity=0 if chance.happens(OUT_OF_STOCK) else chance.randrange(1, 400),
        created_at=created_at,
        updated_at=between(chance, created_at, shop.history.closes_at) if changed else created_at,
        is_active=chance.happens(0.96),
    )


def _price(chance: Chance, category: Category) -> int:
    """Cents: mostly around what is typical, within the category's range, mostly ending in .99."""
    if chance.happens(PREMIUM_SHARE):
        lowest, highest = math.log(category.typical * PREMIUM_FROM), math.log(category.highest)
        drawn = round(math.exp(chance.uniform(lowest, highest)))
    else:
        drawn = round(chance.lognormvariate(math.log(category.typical), SPREAD))
    whole = min(max(drawn, category.lowest + 1), category.highest)
    return whole * 100 - chance.one_of(ENDINGS)
