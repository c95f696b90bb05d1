"""The eight replicated tables; a file per aggregate.

Why each deletion rule is as it is (Django applies them; the database refuses what they miss):
- Everything -> tenant: PROTECT. A tenant leaves by a planned erasure, never by deleting one row.
- Order, subscription, invoice -> customer: PROTECT. They are money; deleting a person must first
  decide what happens to them.
- Order item -> order: CASCADE. An item has no meaning without its order.
- Order item -> product: PROTECT. Sales history must keep its product; retire it by is_active.
- Event -> customer: SET_NULL. Behaviour stays countable as an anonymous visit.
- Invoice -> subscription: PROTECT. An invoice must stay explainable.
"""

from .customer import Customer
from .event import Event, EventType
from .invoice import Invoice, InvoiceStatus
from .order import Order, OrderItem, OrderStatus
from .product import Product
from .subscription import BillingCycle, Subscription, SubscriptionStatus
from .tenant import Tenant

__all__ = [
    "BillingCycle",
    "Customer",
    "Event",
    "EventType",
    "Invoice",
    "InvoiceStatus",
    "Order",
    "OrderItem",
    "OrderStatus",
    "Product",
    "Subscription",
    "SubscriptionStatus",
    "Tenant",
]
