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


def _odd_data(chance: Chance, row: EventRow, _: Setting) -> EventRow:
    """The cart's value is a text with a comma, missing under its name, or null."""
    value = row.event_data["cart_value"]
    others = {key: item for key, item in row.event_data.items() if key != "cart_value"}
    odd = chance.choice(
        (
            {**others, "cart_value": f"{value:.2f}".replace(".", ",")},
            {**others, "cartValue": value},
            {**others, "cart_value": None},
        )
    )
    return row._replace(event_data=odd)


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
        "event_data",
        "core_event",
        _has_value,
        _odd_data,
        """select count(*) from core_event
        where event_type in ('add_to_cart', 'checkout')
          and not coalesce(jsonb_typeof(event_data -> 'cart_value') = 'number', false)""",
    ),
)
