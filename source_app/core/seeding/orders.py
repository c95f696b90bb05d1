"""Orders of a tenant, with their items."""

import math
from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from .draw import Chance, Shelf, money
from .rows import CustomerRow, OrderItemRow, OrderRow, ProductRow
from .shops import Shop
from .timeline import between
from .vocabulary import CITIES, PAYMENT_METHODS, TAX_PERCENT

QUANTITIES = {1: 72, 2: 19, 3: 6, 4: 3}
DISCOUNTED_ITEMS, DISCOUNT_PERCENT = 0.15, (5, 10, 15, 20)
FREE_SHIPPING_FROM, SHIPPING = 100_00, {4_95: 60, 7_95: 30, 14_95: 10}
# Orders that are still open are recent: their chance halves about every month of age.
OPEN_DECAY_DAYS = 45.0
FASTEST, SLOWEST = timedelta(hours=4), timedelta(days=5)
TRIES_FOR_ANOTHER_PRODUCT = 20


class PlacedOrder(NamedTuple):
    """An order with its items."""

    row: OrderRow
    items: list[OrderItemRow]


def make_orders(
    shop: Shop, customers: Shelf[CustomerRow], products: Shelf[ProductRow]
) -> list[PlacedOrder]:
    """The tenant's orders, oldest first."""
    chance = shop.chance("orders")
    count = shop.volumes.orders
    dates = sorted(shop.timeline.moment(chance, shop.opens_at) for _ in range(count))
    statuses = _statuses(chance, shop, dates)
    sizes = _sizes(chance, count, shop.volumes.items)
    placed = []
    for number, (at, status, size) in enumerate(zip(dates, statuses, sizes, strict=True)):
        basket = _basket(chance, products, at, size)
        placed.append(_order(chance, shop, number, at, status, customers.pick(chance, at), basket))
    return placed


def _statuses(chance: Chance, shop: Shop, dates: list[datetime]) -> list[str]:
    """A status per order: cancelled at any age, processing when recent, pending when newest."""
    counts = Counter(shop.order_statuses)
    statuses = ["completed"] * len(dates)
    shuffled = chance.sample(range(len(dates)), len(dates))
    for index in shuffled[: counts["cancelled"]]:
        statuses[index] = "cancelled"
    rest = shuffled[counts["cancelled"] :]
    rank = {i: _openness(chance, shop.plan.closes_at - dates[i]) for i in rest}
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


def _basket(chance: Chance, shelf: Shelf[ProductRow], at: datetime, size: int) -> list[ProductRow]:
    """Different products, unless the tenant has too few to choose from."""
    basket: dict[int, ProductRow] = {}
    for position in range(size):
        for _ in range(TRIES_FOR_ANOTHER_PRODUCT):
            product = shelf.pick(chance, at)
            if product not in basket.values():
                break
        basket[position] = product
    return list(basket.values())


def _order(
    chance: Chance,
    shop: Shop,
    number: int,
    at: datetime,
    status: str,
    customer: CustomerRow,
    basket: list[ProductRow],
) -> PlacedOrder:
    order_id = chance.uuid()
    items = [_item(chance, shop, order_id, at, product) for product in basket]
    subtotal = sum(round(item.total * 100) for item in items)
    tax = (subtotal * TAX_PERCENT[shop.company.country] + 50) // 100
    shipping = 0 if subtotal >= FREE_SHIPPING_FROM else chance.one_of(SHIPPING)
    changed_at = _changed_at(chance, shop, at, status)
    country = customer.metadata["country"]
    row = OrderRow(
        id=order_id,
        tenant_id=shop.tenant.id,
        customer_id=customer.id,
        order_number=f"{shop.company.code}-{100_001 + number}",
        status=status,
        subtotal=money(subtotal),
        tax=money(tax),
        shipping=money(shipping),
        total=money(subtotal + tax + shipping),
        order_date=at,
        completed_at=changed_at if status == "completed" else None,
        created_at=at,
        updated_at=changed_at,
        metadata={
            "payment_method": chance.one_of(PAYMENT_METHODS),
            "shipping_address": {"country": country, "city": chance.choice(CITIES[country])},
        },
    )
    return PlacedOrder(row, items)


def _changed_at(chance: Chance, shop: Shop, at: datetime, status: str) -> datetime:
    if status == "pending":
        return at
    latest = min(at + SLOWEST, shop.plan.closes_at)
    return between(chance, min(at + FASTEST, at + (latest - at) / 2), latest)


def _item(
    chance: Chance, shop: Shop, order_id: UUID, at: datetime, product: ProductRow
) -> OrderItemRow:
    quantity = chance.one_of(QUANTITIES)
    gross = quantity * round(product.price * 100)
    is_discounted = chance.happens(DISCOUNTED_ITEMS)
    discount = gross * chance.choice(DISCOUNT_PERCENT) // 100 if is_discounted else 0
    return OrderItemRow(
        id=chance.uuid(),
        tenant_id=shop.tenant.id,
        order_id=order_id,
        product_id=product.id,
        quantity=quantity,
        unit_price=product.price,
        discount=money(discount),
        total=money(gross - discount),
        created_at=at,
        updated_at=at,
    )
