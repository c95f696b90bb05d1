"""Writes to events: only new ones."""

from typing import Any

from ..models import Customer, Event, EventType, Tenant
from .saving import save_new


def event_record(
    *,
    tenant: Tenant,
    event_type: EventType,
    session_id: str,
    event_data: dict[str, Any],
    customer: Customer | None = None,
    ip_address: str | None = None,
    user_agent: str = "",
) -> Event:
    """Record what a visitor did, now."""
    return save_new(
        Event(
            tenant=tenant,
            customer=customer,
            event_type=event_type,
            event_data=event_data,
            session_id=session_id,
            ip_address=ip_address,
            user_agent=user_agent,
        )
    )
