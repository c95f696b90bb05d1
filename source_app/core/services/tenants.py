"""Writes to tenants."""

from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from ..models import (
    Customer,
    Event,
    Invoice,
    Order,
    OrderItem,
    Product,
    Subscription,
    Tenant,
)
from .saving import all_or_nothing, save_changes, save_new

# Those that refer to others first.
OWNED = (Event, Invoice, Subscription, OrderItem, Order, Product, Customer)


def tenant_create(
    *,
    name: str,
    slug: str,
    settings: dict[str, Any],
    domain: str | None = None,
    tenant_id: UUID | None = None,
) -> Tenant:
    """Open a tenant; tenant_id brings one back under the id that it had before it was deleted."""
    at = timezone.now()
    return save_new(
        Tenant(
            id=tenant_id or uuid4(),
            name=name,
            slug=slug,
            domain=domain,
            settings=settings,
            created_at=at,
            updated_at=at,
        )
    )


def tenant_update_settings(*, tenant: Tenant, **settings: Any) -> Tenant:
    """Set these settings; the others stay."""
    return save_changes(tenant, settings={**tenant.settings, **settings})


@all_or_nothing
def tenant_erase(*, tenant: Tenant) -> None:
    """Delete a tenant with every row that belongs to it."""
    for model in OWNED:
        model.objects.for_tenant(tenant).delete()
    tenant.delete()
