"""Orders: placed, moved on, changed, deleted, brought back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from ... import services
from ...models import Customer, Order, OrderItem, OrderStatus, Product
from ..shop import Change, Shop, changed
from .visits import record_purchase

SHIPPING = (Decimal("4.95"), Decimal("7.95"), Decimal("0.00"))
TENTH = Decimal("0.1")
OPEN = [OrderStatus.PENDING, OrderStatus.PROCESSING]
PAYMENT_METHODS = ("card", "card", "card", "paypal", "bank_transfer")


@transaction.atomic
def buy(shop: Shop) -> list[Change]:
    """A visitor comes, looks, orders: an order with its items, its events, and less stock."""
    customer = shop.pick(shop.mine(Customer), "customer")
    lines = basket(shop)
    order = place(shop, customer, lines)
    for line in sorted(lines, key=lambda line: line.product.pk):
        services.product_move_stock(product=line.product, by=-line.quantity)
    visit = record_purchase(shop, order, lines[0].product)
    sold = [changed("  stock taken", line.product, f"-{line.quantity}") for line in lines]
    return [changed("order placed", order, f"total {order.total}"), *sold, *visit]


def start_processing(shop: Shop) -> list[Change]:
    """Pending -> processing."""
    return [_move(shop, OrderStatus.PENDING, OrderStatus.PROCESSING)]


def complete_order(shop: Shop) -> list[Change]:
    """Processing -> completed."""
    return [_move(shop, OrderStatus.PROCESSING, OrderStatus.COMPLETED)]


@transaction.atomic
def cancel_order(shop: Shop) -> list[Change]:
    """An open order is cancelled, and its products go back on the shelf."""
    order = shop.pick(shop.mine(Order).filter(status__in=OPEN), "open order")
    old = order.status
    order = services.order_change_status(order=order, status=OrderStatus.CANCELLED)
    for item in order.items.select_related("product").order_by("product_id"):
        services.product_move_stock(product=item.product, by=item.quantity)
    return [changed(f"order {old} -> cancelled", order, f"total {order.total}")]


@transaction.atomic
def change_item(shop: Shop) -> list[Change]:
    """The buyer of an open order wants more of something."""
    items = shop.mine(OrderItem).filter(order__status__in=OPEN)
    item = shop.pick(items.select_related("product"), "item of an open order")
    more = shop.chance.randint(1, 2)
    order = services.order_item_change_quantity(item=item, quantity=item.quantity + more)
    services.product_move_stock(product=item.product, by=-more)
    return [
        changed("order item changed", item, f"{item.quantity - more} -> {item.quantity}"),
        changed("  its order's amounts follow", order, f"total {order.total}"),
        changed("  stock taken", item.product, f"-{more}"),
    ]


def delete_item(shop: Shop) -> list[Change]:
    """An item leaves a completed order of at least two, whose amounts follow."""
    item = shop.pick(shop.earlier(OrderItem).filter(_has_a_neighbour()), "order with two items")
    row_id, total = item.pk, item.total
    order = services.order_item_delete(item=item)
    return [
        Change("order item deleted", "core_orderitem", row_id, f"worth {total}"),
        changed("  its order's amounts follow", order, f"total {order.total}"),
    ]


def delete_order(shop: Shop) -> list[Change]:
    """A completed order is deleted with its items."""
    order = shop.pick(sold(shop), "completed order")
    row_id, detail = order.pk, f"total {order.total}, {order.items.count()} items"
    services.order_delete(order=order)
    return [Change("order deleted with its items", "core_order", row_id, detail)]


@transaction.atomic
def recreate_order(shop: Shop) -> list[Change]:
    """A completed order is deleted and entered again under its id, in one transaction."""
    order = shop.pick(sold(shop).select_related("customer__tenant"), "completed order")
    row_id, old_total, customer = order.pk, order.total, order.customer
    services.order_delete(order=order)
    order = place(shop, customer, basket(shop), order_id=row_id, placed_at=order.order_date)
    order = complete(order)
    detail = f"total {old_total} -> {order.total}"
    return [changed("order deleted and re-created, one transaction", order, detail)]


def basket(shop: Shop) -> list[services.OrderLine]:
    """One to four different products, some at a discount."""
    count = shop.chance.choice((1, 2, 2, 3, 3, 4))
    products = shop.pick_some(shop.earlier(Product), count, "product")
    return [_line(shop, product) for product in products]


def place(
    shop: Shop, customer: Customer, lines: Sequence[services.OrderLine], **identity: Any
) -> Order:
    """A pending order of these lines; under a given id and date when `identity` says so."""
    return services.order_place(
        customer=customer,
        lines=lines,
        shipping=shop.chance.choice(SHIPPING),
        metadata={
            "payment_method": shop.chance.choice(PAYMENT_METHODS),
            "shipping_address": {"country": shop.tenant.settings.get("country", "US")},
        },
        **{"order_id": shop.ids.uuid(), **identity},
    )


def complete(order: Order) -> Order:
    """Take a pending order through processing to completed."""
    order = services.order_change_status(order=order, status=OrderStatus.PROCESSING)
    return services.order_change_status(order=order, status=OrderStatus.COMPLETED)


def sold(shop: Shop) -> models.QuerySet[Order]:
    """The tenant's completed orders that may be altered."""
    return shop.earlier(Order).filter(status=OrderStatus.COMPLETED)


def _move(shop: Shop, old: OrderStatus, new: OrderStatus) -> Change:
    order = shop.pick(shop.mine(Order).filter(status=old), f"{old} order")
    order = services.order_change_status(order=order, status=new)
    return changed(f"order {old} -> {new}", order, f"total {order.total}")


def _line(shop: Shop, product: Product) -> services.OrderLine:
    quantity = shop.chance.choice((1, 1, 1, 2, 3))
    discount = product.price // 10 if shop.chance.happens(0.2) else Decimal(0)
    return services.OrderLine(product, quantity, discount, item_id=shop.ids.uuid())


def _has_a_neighbour() -> models.Q:
    others = OrderItem.objects.filter(order=models.OuterRef("order")).exclude(
        pk=models.OuterRef("pk")
    )
    return models.Q(models.Exists(others), order__status=OrderStatus.COMPLETED)
