"""Products."""

from django.contrib import admin

from ..models import Product
from .base import NeverDeleted, TenantFilter, TenantRowAdmin


@admin.register(Product)
class ProductAdmin(NeverDeleted, TenantRowAdmin):
    """Products; one is retired, not deleted, because its sales stay."""

    list_display = ("sku", "name", "category", "price", "cost", "stock_quantity", "tenant")
    list_filter = (TenantFilter, "category", "is_active")
    search_fields = ("sku", "name")
    autocomplete_fields = ("tenant",)
