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


def _no_object(chance: Chance, row: OrderRow, _: Setting) -> OrderRow:
    """Valid JSON, but a list."""
    method = row.metadata["payment_method"]
    return row._replace(metadata=chance.choice(([method], [row.metadata], [])))


def _odd_key(chance: Chance, row: OrderRow, _: Setting) -> OrderRow:
    others = dict(row.metadata)
    key = chance.choice(("Payment Method", "paymentMethod", "payment-method"))
    return row._replace(metadata={key: others.pop("payment_method"), **others})


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
        "completed_before_order",
    ),
    Kind(
        "completed_without_date",
        "core_order",
        _is_completed,
        _completed_some_time,
        "select count(*) from core_order where status = 'completed' and completed_at is null",
        "completed_without_date",
    ),
    Kind(
        "order_metadata_form",
        "core_order",
        lambda row, setting: True,
        _no_object,
        "select count(*) from core_order where jsonb_typeof(metadata) <> 'object'",
        "malformed_metadata",
    ),
    Kind(
        "payment_key",
        "core_order",
        lambda row, setting: True,
        _odd_key,
        """select count(*) from core_order
        where jsonb_typeof(metadata) = 'object' and not metadata ? 'payment_method'""",
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
