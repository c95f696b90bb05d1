"""Writes. Each function checks its row completely, saves it and returns it.

Functions are called `entity_action` and take keywords only. The creation time, the id and the
tenant of a row are given once, when it is made; updated_at is set by every change. An id may be
given where a caller wants the same rows again.
"""

from .customers import customer_create, customer_erase, customer_update
from .events import Action, Visit, event_record, visit_forget, visit_identify, visits_record
from .invoices import invoice_cancel, invoice_issue, invoice_mark_overdue, invoice_pay
from .orders import (
    OrderLine,
    order_change_status,
    order_delete,
    order_item_change_quantity,
    order_item_delete,
    order_place,
)
from .products import (
    product_change_price,
    product_create,
    product_delete,
    product_move_stock,
    product_update,
)
from .saving import rules_checked_by_database
from .subscriptions import (
    subscription_activate,
    subscription_cancel,
    subscription_change_plan,
    subscription_expire,
    subscription_start,
)
from .tenants import tenant_create, tenant_erase, tenant_update_settings

__all__ = [
    "Action",
    "OrderLine",
    "Visit",
    "customer_create",
    "customer_erase",
    "customer_update",
    "event_record",
    "invoice_cancel",
    "invoice_issue",
    "invoice_mark_overdue",
    "invoice_pay",
    "order_change_status",
    "order_delete",
    "order_item_change_quantity",
    "order_item_delete",
    "order_place",
    "product_change_price",
    "product_create",
    "product_delete",
    "product_move_stock",
    "product_update",
    "rules_checked_by_database",
    "subscription_activate",
    "subscription_cancel",
    "subscription_change_plan",
    "subscription_expire",
    "subscription_start",
    "tenant_create",
    "tenant_erase",
    "tenant_update_settings",
    "visit_forget",
    "visit_identify",
    "visits_record",
]
