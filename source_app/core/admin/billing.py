"""Subscriptions and invoices."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from .. import services
from ..models import Invoice, Subscription
from .base import NeverAdded, NeverDeleted, TenantFilter, TenantRowAdmin, apply_to_each


@admin.register(Subscription)
class SubscriptionAdmin(NeverAdded, NeverDeleted, TenantRowAdmin):
    """Subscriptions; a change of plan ends one and starts the next, so none is edited."""

    list_display = (
        *("customer", "plan_name", "status", "monthly_amount", "billing_cycle"),
        *("start_date", "end_date", "tenant"),
    )
    list_filter = (TenantFilter, "status", "plan_name", "billing_cycle")
    list_select_related = ("tenant", "customer")
    search_fields = ("customer__email", "plan_name")
    readonly_fields = (
        *("customer", "plan_name", "status", "billing_cycle", "start_date", "end_date"),
    )
    date_hierarchy = "start_date"
    actions = ("cancel",)

    @admin.action(description="End the selected subscriptions today")
    def cancel(self, request: HttpRequest, rows: models.QuerySet[Subscription]) -> None:
        """Those that run; the others are named."""
        apply_to_each(
            request,
            rows,
            lambda row: services.subscription_cancel(subscription=row),
            "subscriptions ended",
        )


@admin.register(Invoice)
class InvoiceAdmin(NeverAdded, NeverDeleted, TenantRowAdmin):
    """Invoices."""

    list_display = (
        *("invoice_number", "customer", "status", "amount"),
        *("issue_date", "due_date", "paid_date", "tenant"),
    )
    list_filter = (TenantFilter, "status", "issue_date")
    list_select_related = ("tenant", "customer")
    search_fields = ("invoice_number", "customer__email")
    readonly_fields = (
        *("customer", "subscription", "invoice_number", "status", "issue_date", "paid_date"),
    )
    date_hierarchy = "issue_date"
    actions = ("book_payment", "cancel")

    @admin.action(description="Book the payment of the selected invoices today")
    def book_payment(self, request: HttpRequest, rows: models.QuerySet[Invoice]) -> None:
        """Those that are sent and unpaid; the others are named."""
        apply_to_each(
            request, rows, lambda row: services.invoice_pay(invoice=row), "payments booked"
        )

    @admin.action(description="Cancel the selected invoices")
    def cancel(self, request: HttpRequest, rows: models.QuerySet[Invoice]) -> None:
        """Those that are not paid; the others are named."""
        apply_to_each(
            request, rows, lambda row: services.invoice_cancel(invoice=row), "invoices cancelled"
        )
