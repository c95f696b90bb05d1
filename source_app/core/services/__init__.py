"""Writes. Each function checks its row completely, saves it and returns it.

Functions are called `entity_action` and take keywords only. The creation time, the id and the
tenant of a row are given once, when it is made; updated_at is set by every change.
"""

from .customers import customer_update
from .events import event_record
from .invoices import invoice_issue, invoice_pay
from .orders import (
    OrderLine,
    order_change_status,
    order_delete,
    order_item_delete,
    order_place,
)
from .products import product_change_price, product_create, product_delete
from .subscriptions import subscription_start
from .tenants import tenant_update_settings

__all__ = [
    "OrderLine",
    "customer_update",
    "event_record",
    "invoice_issue",
    "invoice_pay",
    "order_change_status",
    "order_delete",
    "order_item_delete",
    "order_place",
    "product_change_price",
    "product_create",
    "product_delete",
    "subscription_start",
    "tenant_update_settings",
]
