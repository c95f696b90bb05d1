"""Writes to orders and their items. An order's amounts always follow from its items."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from ..errors import TransitionError
from ..models import Customer, Order, OrderItem, OrderStatus, Product
from .saving import all_or_nothing, save_all_new, save_changes, save_new

CENT = Decimal("0.01")
NEXT_STATUSES = {
    OrderStatus.PENDING: {OrderStatus.PROCESSING, OrderStatus.CANCELLED},
    OrderStatus.PROCESSING: {OrderStatus.COMPLETED, OrderStatus.CANCELLED},
    OrderStatus.COMPLETED: set(),
    OrderStatus.CANCELLED: set(),
}


@dataclass(frozen=True)
class OrderLine:
    """What a customer puts into an order; the discount is on the whole line."""

    product: Product
    quantity: int
    discount: Decimal = Decimal(0)
    item_id: UUID = field(default_factory=uuid4)

    @property
    def total(self) -> Decimal:
        """What the line costs."""
        return self.product.price * self.quantity - self.discount


@all_or_nothing
def order_place(
    *,
    customer: Customer,
    lines: Sequence[OrderLine],
    shipping: Decimal = Decimal(0),
    metadata: dict[str, Any] | None = None,
    order_id: UUID | None = None,
    placed_at: datetime | None = None,
) -> Order:
    """Place an order with its items; pending, now.

    order_id and placed_at bring an order back under the id and date that it had before it was
    deleted.
    """
    now = timezone.now()
    key, at = order_id or uuid4(), placed_at or now
    order = save_new(
        Order(
            id=key,
            tenant=customer.tenant,
            customer=customer,
            order_number=f"{customer.tenant.slug}-{key.hex[:12]}".upper(),
            **_amounts(customer, sum(line.total for line in lines), shipping),
            order_date=at,
            created_at=at,
            updated_at=now,
            metadata=metadata or {},
        )
    )
    save_all_new([_item(order, line) for line in lines])
    return order


@all_or_nothing
def order_change_status(*, order: Order, status: OrderStatus) -> Order:
    """Move an order on; completing it sets completed_at.

    Raises TransitionError when the status can't follow the present one.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if status not in NEXT_STATUSES[OrderStatus(order.status)]:
        allowed = ", ".join(sorted(NEXT_STATUSES[OrderStatus(order.status)])) or "nothing"
        raise TransitionError(
            f"order {order.pk} is {order.status} and can't become {status}; nothing was written; "
            f"it can become {allowed}"
        )
    completed_at = timezone.now() if status == OrderStatus.COMPLETED else None
    return save_changes(order, status=status, completed_at=completed_at)


@all_or_nothing
def order_item_change_quantity(*, item: OrderItem, quantity: int) -> Order:
    """Change how many were ordered; the item's total and its order's amounts follow."""
    order = Order.objects.select_for_update().get(pk=item.order_id)
    save_changes(item, quantity=quantity, total=item.unit_price * quantity - item.discount)
    return _recompute(order)


@all_or_nothing
def order_item_delete(*, item: OrderItem) -> Order:
    """Take an item out of its order, whose amounts follow."""
    order = Order.objects.select_for_update().get(pk=item.order_id)
    item.delete()
    return _recompute(order)


@all_or_nothing
def order_delete(*, order: Order) -> None:
    """Delete an order and its items."""
    order.delete()


def _item(order: Order, line: OrderLine) -> OrderItem:
    return OrderItem(
        id=line.item_id,
        tenant=order.tenant,
        order=order,
        product=line.product,
        quantity=line.quantity,
        unit_price=line.product.price,
        discount=line.discount,
        total=line.total,
        created_at=order.created_at,
        updated_at=order.updated_at,
    )


def _recompute(order: Order) -> Order:
    subtotal = sum((row.total for row in order.items.all()), Decimal(0))
    return save_changes(order, **_amounts(order.customer, subtotal, order.shipping))


def _amounts(customer: Customer, subtotal: Decimal, shipping: Decimal) -> dict[str, Decimal]:
    percent = Decimal(customer.tenant.settings.get("tax_percent", 0))
    tax = (subtotal * percent / 100).quantize(CENT, ROUND_HALF_UP)
    return {
        "subtotal": subtotal,
        "tax": tax,
        "shipping": shipping,
        "total": subtotal + tax + shipping,
    }
