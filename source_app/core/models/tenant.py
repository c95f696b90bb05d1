"""Tenants: the companies that use the product."""

import uuid

from django.db import models

from ..managers import StampedQuerySet
from .base import created_at, updated_at


class Tenant(models.Model):
    """One company; its settings hold plan, tier, currency and features."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    domain = models.CharField(max_length=255, null=True, blank=True)
    created_at = created_at()
    updated_at = updated_at()
    is_active = models.BooleanField(default=True)
    settings = models.JSONField(default=dict, blank=True)

    objects = StampedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["created_at"], name="tenant_created_at")]

    def __str__(self) -> str:
        return self.name
