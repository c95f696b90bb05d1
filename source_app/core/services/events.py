"""Writes to events. What happened does not change; who it was may be learned, or be forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from ..models import Customer, Event, EventType, Tenant
from .saving import save_all_new, save_new


@dataclass(frozen=True)
class Action:
    """One thing that a visitor did, and when; now unless said otherwise."""

    event_type: EventType
    event_data: dict[str, Any]
    at: datetime = field(default_factory=lambda: timezone.now())
    event_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Visit:
    """What one visitor did, from where; the customer when known."""

    session_id: str
    actions: Sequence[Action]
    customer: Customer | None = None
    ip_address: str | None = None
    user_agent: str = ""


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
    action = Action(event_type, event_data)
    visit = Visit(session_id, [action], customer, ip_address, user_agent)
    return save_new(_event(tenant, visit, action))


def visits_record(*, tenant: Tenant, visits: Sequence[Visit]) -> list[Event]:
    """Record visits that are over, as a tracker sends them: all their actions at once."""
    return save_all_new(
        [_event(tenant, visit, action) for visit in visits for action in visit.actions]
    )


def visit_identify(*, customer: Customer, session_id: str) -> int:
    """Give the anonymous events of a visit to the customer who logged in; returns how many."""
    anonymous = Event.objects.for_tenant(customer.tenant_id).filter(
        session_id=session_id, customer=None
    )
    return anonymous.update(customer=customer)


def visit_forget(*, tenant: Tenant, session_id: str) -> int:
    """Delete the events of a visit, as its visitor may ask; returns how many."""
    return Event.objects.for_tenant(tenant).filter(session_id=session_id).delete()[0]


def _event(tenant: Tenant, visit: Visit, action: Action) -> Event:
    return Event(
        id=action.event_id,
        tenant=tenant,
        customer=visit.customer,
        event_type=action.event_type,
        event_data=action.event_data,
        session_id=visit.session_id,
        ip_address=visit.ip_address,
        user_agent=visit.user_agent,
        created_at=action.at,
    )
