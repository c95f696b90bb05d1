"""Orders and their items."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from .. import services
from ..models import Order, OrderItem, OrderStatus
from .base import (
    NeverAdded,
    NeverChanged,
    NeverDeleted,
    TenantFilter,
    TenantRowAdmin,
    apply_to_each,
)


class OrderItemInline(NeverAdded, NeverChanged, NeverDeleted, admin.TabularInline):
    """Items of an order, to look at: changing them changes the order's amounts."""

    model = OrderItem
    fields = ("product", "quantity", "unit_price", "discount", "total")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[OrderItem]:
        """Items with their products, in one query."""
        return super().get_queryset(request).select_related("product")


@admin.register(Order)
class OrderAdmin(NeverAdded, NeverDeleted, TenantRowAdmin):
    """Orders with their items; amounts follow from the items, the status from actions."""

    list_display = ("order_number", "customer", "status", "total", "order_date", "tenant")
    list_filter = (TenantFilter, "status", "order_date")
    list_select_related = ("tenant", "customer")
    search_fields = ("order_number", "customer__email")
    readonly_fields = ("customer", "order_number", "status", "order_date", "completed_at")
    date_hierarchy = "order_date"
    inlines = (OrderItemInline,)
    actions = ("cancel",)

    @admin.action(description="Cancel the selected orders")
    def cancel(self, request: HttpRequest, rows: models.QuerySet[Order]) -> None:
        """Those that are still open; the others are named."""
        apply_to_each(
            request,
            rows,
            lambda row: services.order_change_status(order=row, status=OrderStatus.CANCELLED),
            "orders cancelled",
        )


@admin.register(OrderItem)
class OrderItemAdmin(NeverAdded, NeverChanged, NeverDeleted, TenantRowAdmin):
    """Items of all orders, to search in."""

    list_display = ("order", "product", "quantity", "unit_price", "discount", "total", "tenant")
    list_select_related = ("tenant", "order", "product")
    search_fields = ("order__order_number", "product__sku")
