"""Orders of a tenant, with their items."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from .customers import Buyer, Buyers
from .draw import Chance, Shelf, Weights, money
from .products import Good
from .rows import OrderItemRow, OrderRow
from .shops import Shop
from .timeline import between
from .vocabulary import CITIES, PAYMENT_METHODS, TAX_PERCENT

# The first order number is one above this.
ORDER_NUMBERS_ABOVE = 100_000
QUANTITIES = Weights({1: 72, 2: 19, 3: 6, 4: 3})
DISCOUNTED_ITEMS, DISCOUNT_PERCENT = 0.15, (5, 10, 15, 20)
FREE_SHIPPING_FROM, SHIPPING = 100_00, Weights({4_95: 60, 7_95: 30, 14_95: 10})
# Orders that are still open are recent: their chance halves about every month of age.
OPEN_DECAY_DAYS = 45.0
FASTEST, SLOWEST = timedelta(hours=4), timedelta(days=5)
TRIES_FOR_ANOTHER_PRODUCT = 20


class Purchase(NamedTuple):
    """What a visit that ends in an order needs to know of it; the total is in cents.

    The product is the basket's with the least id, so that it can be found again in the database.
    """

    order_id: UUID
    at: datetime
    customer_id: UUID
    customer_since: datetime
    product_id: UUID
    total: int


class PlacedOrder(NamedTuple):
    """An order with its items, and as a purchase."""

    row: OrderRow
    items: list[OrderItemRow]
    purchase: Purchase


def make_orders(shop: Shop, buyers: Buyers, goods: Shelf[Good]) -> Iterator[PlacedOrder]:
    """The tenant's orders, oldest first; only their moments, statuses and sizes are held."""
    chance = shop.chance("orders", shop.numbers.orders)
    count = shop.volumes.orders
    dates = sorted(shop.timeline.moment(chance, shop.opens_at) for _ in range(count))
    statuses = _statuses(chance, shop, dates)
    sizes = _sizes(chance, count, shop.volumes.items)
    first = ORDER_NUMBERS_ABOVE + shop.numbers.orders + 1
    for number, (at, status, size) in enumerate(zip(dates, statuses, sizes, strict=True), first):
        basket = _basket(chance, goods, at, size)
        yield _order(chance, shop, number, at, status, buyers.pick(chance, at), basket)


def _statuses(chance: Chance, shop: Shop, dates: list[datetime]) -> list[str]:
    """A status per order: cancelled at any age, processing when recent, pending when newest."""
    counts = shop.order_statuses
    statuses = ["completed"] * len(dates)
    shuffled = chance.sample(range(len(dates)), len(dates))
    for index in shuffled[: counts["cancelled"]]:
        statuses[index] = "cancelled"
    rest = shuffled[counts["cancelled"] :]
    rank = {i: _openness(chance, shop.history.closes_at - dates[i]) for i in rest}
    still_open = sorted(
        sorted(rest, key=rank.__getitem__)[: counts["processing"] + counts["pending"]]
    )
    for position, index in enumerate(still_open):
        statuses[index] = "processing" if position < counts["processing"] else "pending"
    return statuses


def _openness(chance: Chance, age: timedelta) -> float:
    """Sort key of a weighted sample without replacement (Efraimidis and Spirakis), least first."""
    weight = math.exp(-age / timedelta(days=OPEN_DECAY_DAYS))
    return chance.expovariate(1.0) / weight


def _sizes(chance: Chance, orders: int, items: int) -> list[int]:
    sizes = [1] * orders
    for _ in range(items - orders):
        sizes[chance.randrange(orders)] += 1
    return sizes


def _basket(chance: Chance, goods: Shelf[Good], at: datetime, size: int) -> list[Good]:
    """Different products, unless the tenant has too few to choose from."""
    basket: list[Good] = []
    for _ in range(size):
        for _ in range(TRIES_FOR_ANOTHER_PRODUCT):
            good = goods.pick(chance, at)
            if good not in basket:
                break
        basket.append(good)
    return basket


def _order(
    chance: Chance,
    shop: Shop,
    number: int,
    at: datetime,
    status: str,
    buyer: Buyer,
    basket: list[Good],
) -> PlacedOrder:
    order_id = chance.uuid()
    items, subtotal = [], 0
    for good in basket:
        item, cents = _item(chance, shop, order_id, at, good)
        items.append(item)
        subtotal += cents
    tax = (subtotal * TAX_PERCENT[shop.country] + 50) // 100
    shipping = 0 if subtotal >= FREE_SHIPPING_FROM else chance.one_of(SHIPPING)
    total = subtotal + tax + shipping
    changed_at = _changed_at(chance, shop, at, status)
    row = OrderRow(
        id=order_id,
        tenant_id=shop.tenant.id,
        customer_id=buyer.id,
        order_number=f"{shop.code}-{number}",
        status=status,
        subtotal=money(subtotal),
        tax=money(tax),
        shipping=money(shipping),
        total=money(total),
        order_date=at,
        completed_at=changed_at if status == "completed" else None,
        created_at=at,
        updated_at=changed_at,
        metadata={
            "payment_method": chance.one_of(PAYMENT_METHODS),
            "shipping_address": {
                "country": buyer.country,
                "city": chance.choice(CITIES[buyer.country]),
            },
        },
    )
    shown = min(good.id for good in basket)
    purchase = Purchase(order_id, at, buyer.id, buyer.created_at, shown, total)
    return PlacedOrder(row, items, purchase)


def _changed_at(chance: Chance, shop: Shop, at: datetime, status: str) -> datetime:
    if status == "pending":
        return at
    latest = min(at + SLOWEST, shop.history.closes_at)
    return between(chance, min(at + FASTEST, at + (latest - at) / 2), latest)


def _item(
    chance: Chance, shop: Shop, order_id: UUID, at: datetime, good: Good
) -> tuple[OrderItemRow, int]:
    """The item, and its total in cents."""
    quantity = chance.one_of(QUANTITIES)
    gross = quantity * good.price
    is_discounted = chance.happens(DISCOUNTED_ITEMS)
    discount = gross * chance.choice(DISCOUNT_PERCENT) // 100 if is_discounted else 0
    item = OrderItemRow(
        id=chance.uuid(),
        tenant_id=shop.tenant.id,
        order_id=order_id,
        product_id=good.id,
        quantity=quantity,
        unit_price=money(good.price),
        discount=money(discount),
        total=money(gross - discount),
        created_at=at,
        updated_at=at,
    )
    return item, gross - discount
