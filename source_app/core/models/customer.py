"""Customers of a tenant's shop."""

from django.db import models

from .base import TenantRow, created_at, key_with_tenant, updated_at


class Customer(TenantRow):
    """One account; its metadata holds demographics and preferences.

    The e-mail address is not unique in the database: people register twice, in other case.
    """

    email = models.EmailField(max_length=254)
    first_name = models.CharField(max_length=150)
    last_name = models.CharField(max_length=150)
    phone = models.CharField(max_length=40, null=True, blank=True)
    created_at = created_at()
    updated_at = updated_at()
    is_active = models.BooleanField(default=True)
    metadata = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["email"], name="customer_email"),
            models.Index(fields=["tenant", "created_at"], name="customer_tenant_created_at"),
        ]
        constraints = [key_with_tenant("core_customer")]

    def __str__(self) -> str:
        return self.email
