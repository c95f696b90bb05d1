"""Querysets: rows of one tenant, and the time of the last change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from .models import Tenant


class StampedQuerySet(models.QuerySet):
    """Sets updated_at when many rows are updated by one statement, as services do for one row."""

    def update(self, **changes: Any) -> int:
        """Update all rows of the queryset; returns how many."""
        return super().update(**{"updated_at": timezone.now(), **changes})

    update.alters_data = True


class TenantQuerySet(models.QuerySet):
    """Rows that belong to a tenant."""

    def for_tenant(self, tenant: Tenant | UUID) -> Self:
        """Only the rows of this tenant."""
        return self.filter(tenant_id=getattr(tenant, "pk", tenant))


class StampedTenantQuerySet(TenantQuerySet, StampedQuerySet):
    """Rows that belong to a tenant and know when they last changed."""
