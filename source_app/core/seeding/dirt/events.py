"""Dirt of events. An unknown event type can't occur: the database refuses it."""

from datetime import timedelta

from ..draw import Chance
from ..rows import EventRow
from .kind import Kind, Setting

# Hours that the clock of a visitor's device is behind.
BEHIND = (2, 72)


def _can_be_late(row: EventRow, setting: Setting) -> bool:
    """Anonymous, so that it is not older than its customer, and never the first of its session."""
    earliest = setting.shop.opens_at + timedelta(hours=BEHIND[1])
    return row.event_type == "add_to_cart" and row.customer_id is None and row.created_at > earliest


def _clock_behind(chance: Chance, row: EventRow, _: Setting) -> EventRow:
    return row._replace(created_at=row.created_at - timedelta(hours=chance.uniform(*BEHIND)))


def _has_value(row: EventRow, _: Setting) -> bool:
    return row.event_type in {"add_to_cart", "checkout"}


def _odd_value(chance: Chance, row: EventRow, _: Setting) -> EventRow:
    value = f"{row.event_data['cart_value']:.2f}"
    odd = chance.choice((value.replace(".", ","), f"{value} EUR", "NaN"))
    return row._replace(event_data={**row.event_data, "cart_value": odd})


def _odd_key(_: Chance, row: EventRow, __: Setting) -> EventRow:
    others = dict(row.event_data)
    return row._replace(event_data={"cartValue": others.pop("cart_value"), **others})


KINDS = (
    Kind(
        "late_event",
        "core_event",
        _can_be_late,
        _clock_behind,
        """select count(*) from core_event e
        where event_type = 'add_to_cart' and customer_id is null and created_at < (
            select min(p.created_at) - interval '1 hour' from core_event p
            where p.session_id = e.session_id and p.tenant_id = e.tenant_id
              and p.event_type = 'page_view')""",
    ),
    Kind(
        "cart_value",
        "core_event",
        _has_value,
        _odd_value,
        """select count(*) from core_event
        where event_type in ('add_to_cart', 'checkout')
          and jsonb_typeof(event_data -> 'cart_value') <> 'number'""",
        "malformed_event_data",
    ),
    Kind(
        "cart_value_key",
        "core_event",
        _has_value,
        _odd_key,
        """select count(*) from core_event
        where event_type in ('add_to_cart', 'checkout') and not event_data ? 'cart_value'""",
    ),
)
