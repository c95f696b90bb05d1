"""Dirt of orders and their items. A negative total can't occur: the database refuses it."""

from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from ..draw import Chance
from ..rows import OrderItemRow, OrderRow
from .kind import Kind, Setting

Priced = TypeVar("Priced", OrderRow, OrderItemRow)
CENT = Decimal("0.01")


def _off_by_a_cent(chance: Chance, row: Priced, _: Setting) -> Priced:
    return row._replace(total=row.total + chance.choice((CENT, -CENT)))


def _completed_before(chance: Chance, row: OrderRow, _: Setting) -> OrderRow:
    return row._replace(completed_at=row.order_date - timedelta(hours=chance.uniform(1, 48)))


def _completed_some_time(_: Chance, row: OrderRow, __: Setting) -> OrderRow:
    return row._replace(completed_at=None)


def _odd_metadata(chance: Chance, row: OrderRow, _: Setting) -> OrderRow:
    """A key spelled in another way, or a value of another type."""
    method, address = row.metadata["payment_method"], row.metadata["shipping_address"]
    odd = chance.choice(
        (
            {"Payment Method": method, "shipping_address": address},
            {"payment_method": [method], "shipping_address": address},
            {
                "payment_method": method,
                "shipping_address": f"{address['city']}, {address['country']}",
            },
            {"payment_method": method, "shipping": address},
        )
    )
    return row._replace(metadata=odd)


def _is_completed(row: OrderRow, _: Setting) -> bool:
    return row.status == "completed"


def _has_total(row: Priced, _: Setting) -> bool:
    return row.total > 0


KINDS = (
    Kind(
        "order_total_mismatch",
        "core_order",
        _has_total,
        _off_by_a_cent,
        "select count(*) from core_order where total <> subtotal + tax + shipping",
        "total_mismatch",
    ),
    Kind(
        "completed_before_order",
        "core_order",
        _is_completed,
        _completed_before,
        "select count(*) from core_order where completed_at < order_date",
    ),
    Kind(
        "completed_without_date",
        "core_order",
        _is_completed,
        _completed_some_time,
        "select count(*) from core_order where status = 'completed' and completed_at is null",
    ),
    Kind(
        "order_metadata",
        "core_order",
        lambda row, setting: True,
        _odd_metadata,
        """select count(*) from core_order
        where not coalesce(
            jsonb_typeof(metadata -> 'payment_method') = 'string'
            and jsonb_typeof(metadata -> 'shipping_address') = 'object', false)""",
    ),
    Kind(
        "item_total_mismatch",
        "core_orderitem",
        _has_total,
        _off_by_a_cent,
        "select count(*) from core_orderitem where total <> quantity * unit_price - discount",
        "total_mismatch",
    ),
)
