"""Admin pages for support: every table, filtered by tenant, searchable."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from .models import Customer, Event, Invoice, Order, OrderItem, Product, Subscription, Tenant

IDENTITY = ("id", "created_at", "updated_at")


class RowAdmin(admin.ModelAdmin):
    """Identity is shown and never edited; a save sets updated_at, as services do."""

    list_per_page = 50
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        """Identity always; the tenant once the row exists."""
        names = {field.name for field in self.model._meta.fields}
        fixed = [name for name in IDENTITY if name in names]
        if obj is not None and "tenant" in names:
            fixed.append("tenant")
        return [*fixed, *self.readonly_fields]

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        """Save with the time of the change."""
        if change and hasattr(obj, "updated_at"):
            obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)


class TenantRowAdmin(RowAdmin):
    """Rows of tenants: related rows are found by search, and loaded with the list."""

    list_select_related = ("tenant",)


@admin.register(Tenant)
class TenantAdmin(RowAdmin):
    """Tenants."""

    list_display = ("name", "slug", "domain", "is_active", "created_at")
    list_filter = ("is_active",)
    search_fields = ("name", "slug", "domain")


@admin.register(Customer)
class CustomerAdmin(TenantRowAdmin):
    """Customers."""

    list_display = ("email", "first_name", "last_name", "tenant", "is_active", "created_at")
    list_filter = ("tenant", "is_active")
    search_fields = ("email", "first_name", "last_name", "phone")
    autocomplete_fields = ("tenant",)
    date_hierarchy = "created_at"


@admin.register(Product)
class ProductAdmin(TenantRowAdmin):
    """Products."""

    list_display = ("sku", "name", "category", "price", "cost", "stock_quantity", "tenant")
    list_filter = ("tenant", "category", "is_active")
    search_fields = ("sku", "name")
    autocomplete_fields = ("tenant",)


class OrderItemInline(admin.TabularInline):
    """Items of an order, to look at: changing them changes the order's amounts."""

    model = OrderItem
    fields = readonly_fields = ("product", "quantity", "unit_price", "discount", "total")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """Items are added by the shop only."""
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[OrderItem]:
        """Items with their products, in one query."""
        return super().get_queryset(request).select_related("product")


@admin.register(Order)
class OrderAdmin(TenantRowAdmin):
    """Orders with their items; amounts follow from the items."""

    list_display = ("order_number", "customer", "status", "total", "order_date", "tenant")
    list_filter = ("tenant", "status", "order_date")
    list_select_related = ("tenant", "customer")
    search_fields = ("order_number", "customer__email")
    autocomplete_fields = ("tenant", "customer")
    readonly_fields = ("subtotal", "tax", "shipping", "total")
    date_hierarchy = "order_date"
    inlines = (OrderItemInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Orders are placed by the shop only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """Support cancels an order; it does not delete one."""
        return False


@admin.register(OrderItem)
class OrderItemAdmin(TenantRowAdmin):
    """Items of all orders, to search in."""

    list_display = ("order", "product", "quantity", "unit_price", "discount", "total", "tenant")
    list_filter = ("tenant",)
    list_select_related = ("tenant", "order", "product")
    search_fields = ("order__order_number", "product__sku")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Items are added by the shop only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: OrderItem | None = None) -> bool:
        """Changing an item would leave its order's amounts behind."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OrderItem | None = None) -> bool:
        """As for changes."""
        return False


@admin.register(Event)
class EventAdmin(TenantRowAdmin):
    """Events, to look at."""

    list_display = ("created_at", "event_type", "session_id", "customer", "tenant")
    list_filter = ("tenant", "event_type", "created_at")
    list_select_related = ("tenant", "customer")
    search_fields = ("session_id", "customer__email")
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Events are recorded by the shop only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """What happened does not change."""
        return False


@admin.register(Subscription)
class SubscriptionAdmin(TenantRowAdmin):
    """Subscriptions."""

    list_display = (
        *("customer", "plan_name", "status", "monthly_amount", "billing_cycle"),
        *("start_date", "end_date", "tenant"),
    )
    list_filter = ("tenant", "status", "plan_name", "billing_cycle")
    list_select_related = ("tenant", "customer")
    search_fields = ("customer__email", "plan_name")
    autocomplete_fields = ("tenant", "customer")
    date_hierarchy = "start_date"


@admin.register(Invoice)
class InvoiceAdmin(TenantRowAdmin):
    """Invoices."""

    list_display = (
        *("invoice_number", "customer", "status", "amount"),
        *("issue_date", "due_date", "paid_date", "tenant"),
    )
    list_filter = ("tenant", "status", "issue_date")
    list_select_related = ("tenant", "customer")
    search_fields = ("invoice_number", "customer__email")
    autocomplete_fields = ("tenant", "customer", "subscription")
    date_hierarchy = "issue_date"
