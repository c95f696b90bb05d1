"""One row type per table; field order is column order, in the order in which tables are loaded."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

# An object; a list only where dirt has made it one.
Json = dict[str, Any]


class TenantRow(NamedTuple):
    """core_tenant."""

    id: UUID
    name: str
    slug: str
    domain: str | None
    created_at: datetime
    updated_at: datetime
    is_active: bool
    settings: Json


class CustomerRow(NamedTuple):
    """core_customer."""

    id: UUID
    tenant_id: UUID
    email: str
    first_name: str
    last_name: str
    phone: str | None
    created_at: datetime
    updated_at: datetime
    is_active: bool
    metadata: Json


class ProductRow(NamedTuple):
    """core_product."""

    id: UUID
    tenant_id: UUID
    sku: str
    name: str
    description: str
    category: str
    price: Decimal
    cost: Decimal
    stock_quantity: int
    created_at: datetime
    updated_at: datetime
    is_active: bool


class OrderRow(NamedTuple):
    """core_order."""

    id: UUID
    tenant_id: UUID
    customer_id: UUID
    order_number: str
    status: str
    subtotal: Decimal
    tax: Decimal
    shipping: Decimal
    total: Decimal
    order_date: datetime
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    metadata: Json


class OrderItemRow(NamedTuple):
    """core_orderitem."""

    id: UUID
    tenant_id: UUID
    order_id: UUID
    product_id: UUID
    quantity: int
    unit_price: Decimal
    discount: Decimal
    total: Decimal
    created_at: datetime
    updated_at: datetime


class EventRow(NamedTuple):
    """core_event."""

    id: UUID
    tenant_id: UUID
    customer_id: UUID | None
    event_type: str
    event_data: Json
    session_id: str
    ip_address: str | None
    user_agent: str
    created_at: datetime


class SubscriptionRow(NamedTuple):
    """core_subscription."""

    id: UUID
    tenant_id: UUID
    customer_id: UUID
    plan_name: str
    status: str
    start_date: date
    end_date: date | None
    monthly_amount: Decimal
    billing_cycle: str
    created_at: datetime
    updated_at: datetime


class InvoiceRow(NamedTuple):
    """core_invoice."""

    id: UUID
    tenant_id: UUID
    customer_id: UUID
    subscription_id: UUID | None
    invoice_number: str
    amount: Decimal
    status: str
    issue_date: date
    due_date: date
    paid_date: date | None
    created_at: datetime
    updated_at: datetime


Row = (
    TenantRow
    | CustomerRow
    | ProductRow
    | OrderRow
    | OrderItemRow
    | EventRow
    | SubscriptionRow
    | InvoiceRow
)

TABLES: dict[str, type[Row]] = {
    "core_tenant": TenantRow,
    "core_customer": CustomerRow,
    "core_product": ProductRow,
    "core_order": OrderRow,
    "core_orderitem": OrderItemRow,
    "core_event": EventRow,
    "core_subscription": SubscriptionRow,
    "core_invoice": InvoiceRow,
}
