"""Customers, and what visitors did."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from .. import services
from ..models import Customer, Event
from .base import (
    NeverAdded,
    NeverChanged,
    NeverDeleted,
    TenantFilter,
    TenantRowAdmin,
    apply_to_each,
)


@admin.register(Customer)
class CustomerAdmin(NeverDeleted, TenantRowAdmin):
    """Customers."""

    list_display = ("email", "first_name", "last_name", "tenant", "is_active", "created_at")
    list_filter = (TenantFilter, "is_active")
    search_fields = ("email", "first_name", "last_name", "phone")
    autocomplete_fields = ("tenant",)
    date_hierarchy = "created_at"
    actions = ("close", "reopen")

    @admin.action(description="Close the selected accounts")
    def close(self, request: HttpRequest, rows: models.QuerySet[Customer]) -> None:
        """No more orders from these."""
        self._set_active(request, rows, is_active=False)

    @admin.action(description="Open the selected accounts again")
    def reopen(self, request: HttpRequest, rows: models.QuerySet[Customer]) -> None:
        """These may order again."""
        self._set_active(request, rows, is_active=True)

    def _set_active(self, request: HttpRequest, rows: models.QuerySet, *, is_active: bool) -> None:
        apply_to_each(
            request,
            rows,
            lambda row: services.customer_update(customer=row, is_active=is_active),
            "accounts opened" if is_active else "accounts closed",
        )


@admin.register(Event)
class EventAdmin(NeverAdded, NeverChanged, NeverDeleted, TenantRowAdmin):
    """Events, to look at: what happened does not change."""

    list_display = ("created_at", "event_type", "session_id", "customer", "tenant")
    list_filter = (TenantFilter, "event_type", "created_at")
    list_select_related = ("tenant", "customer")
    search_fields = ("session_id", "customer__email")
    date_hierarchy = "created_at"
