"""Tenants."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from ..models import Tenant
from .base import NeverDeleted, RowAdmin
from .scope import visible_tenants


@admin.register(Tenant)
class TenantAdmin(NeverDeleted, RowAdmin):
    """Tenants that the person may see; one leaves by an erasure, not from here."""

    list_display = ("name", "slug", "domain", "plan", "currency", "is_active", "created_at")
    list_filter = ("is_active",)
    search_fields = ("name", "slug", "domain")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Tenant]:
        """Visible tenants."""
        return super().get_queryset(request) & visible_tenants(request.user)

    @admin.display(ordering="settings__plan")
    def plan(self, tenant: Tenant) -> str:
        """What it pays for."""
        return tenant.settings.get("plan", "")

    @admin.display(ordering="settings__currency")
    def currency(self, tenant: Tenant) -> str:
        """What its amounts are in."""
        return tenant.settings.get("currency", "")
