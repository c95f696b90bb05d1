"""Parts that several models share. Field order in a model is column order in its table."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from ..managers import StampedTenantQuerySet


class TenantRow(models.Model):
    """A row of one tenant. Neither its id nor its tenant ever changes; a trigger refuses that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey("core.Tenant", on_delete=models.PROTECT)

    objects = StampedTenantQuerySet.as_manager()

    class Meta:
        abstract = True


def created_at() -> models.DateTimeField:
    """Creation time; a default and not auto_now_add, so that seeding can write history."""
    return models.DateTimeField(default=timezone.now, editable=False)


def updated_at() -> models.DateTimeField:
    """Time of the last change; services and querysets keep it, not save()."""
    return models.DateTimeField(default=timezone.now, editable=False)


def money(**options: Any) -> models.DecimalField:
    """Amount in the tenant's own currency."""
    return models.DecimalField(max_digits=12, decimal_places=2, **options)


def same_tenant_key(model: str, on_delete: Any, **options: Any) -> models.ForeignKey:
    """Reference to a row of the same tenant.

    The database constraint is composite, (x_id, tenant_id) -> (id, tenant_id), and made by a
    migration; Django's own single-column one would only repeat half of it.
    """
    return models.ForeignKey(model, on_delete=on_delete, db_constraint=False, **options)


def not_negative(table: str, *fields: str) -> list[models.CheckConstraint]:
    """One named constraint per column: its value is 0 or more."""
    return [
        models.CheckConstraint(
            condition=models.Q(**{f"{field}__gte": 0}), name=f"{table}_{field}_is_not_negative"
        )
        for field in fields
    ]


def one_of(table: str, field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """Named constraint: the column holds one of the choices."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": choices.values}), name=f"{table}_{field}_is_known"
    )


def key_with_tenant(table: str) -> models.UniqueConstraint:
    """Target of composite references: (id, tenant_id)."""
    return models.UniqueConstraint(fields=["id", "tenant"], name=f"{table}_id_tenant_id_key")
