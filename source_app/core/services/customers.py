"""Writes to customers."""

from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from ..models import Customer, Event, Invoice, Order, OrderItem, Subscription, Tenant
from .saving import all_or_nothing, save_changes, save_new


def customer_create(
    *,
    tenant: Tenant,
    email: str,
    first_name: str,
    last_name: str,
    phone: str | None = None,
    metadata: dict[str, Any] | None = None,
    customer_id: UUID | None = None,
) -> Customer:
    """Register a customer, now."""
    at = timezone.now()
    return save_new(
        Customer(
            id=customer_id or uuid4(),
            tenant=tenant,
            email=email,
            first_name=first_name,
            last_name=last_name,
            phone=phone,
            metadata=metadata or {},
            created_at=at,
            updated_at=at,
        )
    )


def customer_update(*, customer: Customer, **changes: Any) -> Customer:
    """Change contact data, activity or metadata of a customer."""
    return save_changes(customer, **changes)


@all_or_nothing
def customer_erase(*, customer: Customer) -> None:
    """Delete a customer with invoices, subscriptions, orders and their items.

    What the customer did in the shop stays as anonymous events, which do not say from where and
    with what.
    """
    Event.objects.filter(customer=customer).update(customer=None, ip_address=None, user_agent="")
    Invoice.objects.filter(customer=customer).delete()
    Subscription.objects.filter(customer=customer).delete()
    OrderItem.objects.filter(order__customer=customer).delete()
    Order.objects.filter(customer=customer).delete()
    customer.delete()
