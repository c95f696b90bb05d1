"""Orders and their items."""

from django.db import models
from django.utils import timezone

from .base import (
    TenantRow,
    created_at,
    key_with_tenant,
    money,
    not_negative,
    one_of,
    same_tenant_key,
    updated_at,
)


class OrderStatus(models.TextChoices):
    """pending -> processing -> completed; the first two may become cancelled."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Order(TenantRow):
    """One order. Its total is what the application computed; no constraint checks the sum."""

    customer = same_tenant_key("core.Customer", models.PROTECT)
    order_number = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=20, choices=OrderStatus, default=OrderStatus.PENDING)
    subtotal = money()
    tax = money(default=0)
    shipping = money(default=0)
    total = money()
    order_date = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True, blank=True)
    created_at = created_at()
    updated_at = updated_at()
    metadata = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["status"], name="order_status"),
            models.Index(fields=["order_date"], name="order_order_date"),
            models.Index(fields=["completed_at"], name="order_completed_at"),
            models.Index(fields=["tenant", "created_at"], name="order_tenant_created_at"),
            models.Index(fields=["tenant", "status"], name="order_tenant_status"),
        ]
        constraints = [
            key_with_tenant("core_order"),
            one_of("core_order", "status", OrderStatus),
            *not_negative("core_order", "subtotal", "tax", "shipping", "total"),
        ]

    def __str__(self) -> str:
        return self.order_number


class OrderItem(TenantRow):
    """One line of an order. Its tenant is its order's and its product's: composite keys say so."""

    order = same_tenant_key("core.Order", models.CASCADE, related_name="items")
    product = same_tenant_key("core.Product", models.PROTECT)
    quantity = models.IntegerField()
    unit_price = money()
    discount = money(default=0)
    total = money()
    created_at = created_at()
    updated_at = updated_at()

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "created_at"], name="orderitem_tenant_created_at"),
        ]
        constraints = not_negative("core_orderitem", "quantity", "unit_price", "discount", "total")

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_id}"
