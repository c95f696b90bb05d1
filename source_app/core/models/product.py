"""Products that a tenant sells."""

from django.db import models

from .base import TenantRow, created_at, key_with_tenant, money, not_negative, updated_at


class Product(TenantRow):
    """One product; price and cost are of one unit, before tax.

    stock_quantity may be negative: an oversold product is back-ordered.
    """

    sku = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=100)
    price = money()
    cost = money()
    stock_quantity = models.IntegerField(default=0)
    created_at = created_at()
    updated_at = updated_at()
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["sku"], name="product_sku"),
            models.Index(fields=["category"], name="product_category"),
            models.Index(fields=["tenant", "created_at"], name="product_tenant_created_at"),
        ]
        constraints = [
            key_with_tenant("core_product"),
            *not_negative("core_product", "price", "cost"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"
