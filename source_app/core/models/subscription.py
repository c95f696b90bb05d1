"""Subscriptions: plans that customers pay for by the month or the year."""

from django.db import models

from .base import (
    TenantRow,
    created_at,
    key_with_tenant,
    money,
    not_negative,
    one_of,
    same_tenant_key,
    updated_at,
)


class SubscriptionStatus(models.TextChoices):
    """A trial becomes active or expires; an active one is cancelled or expires."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    TRIAL = "trial"


class BillingCycle(models.TextChoices):
    """How often an invoice is sent; monthly_amount is per month in both."""

    MONTHLY = "monthly"
    YEARLY = "yearly"


class Subscription(TenantRow):
    """One plan of one customer. A change of plan ends it and starts the next one."""

    customer = same_tenant_key("core.Customer", models.PROTECT)
    plan_name = models.CharField(max_length=50)
    status = models.CharField(
        max_length=20, choices=SubscriptionStatus, default=SubscriptionStatus.TRIAL
    )
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    monthly_amount = money()
    billing_cycle = models.CharField(
        max_length=20, choices=BillingCycle, default=BillingCycle.MONTHLY
    )
    created_at = created_at()
    updated_at = updated_at()

    class Meta:
        indexes = [
            models.Index(fields=["status"], name="subscription_status"),
            models.Index(fields=["start_date"], name="subscription_start_date"),
            models.Index(fields=["end_date"], name="subscription_end_date"),
            models.Index(fields=["tenant", "created_at"], name="subscription_tenant_created_at"),
            models.Index(fields=["tenant", "status"], name="subscription_tenant_status"),
        ]
        constraints = [
            key_with_tenant("core_subscription"),
            one_of("core_subscription", "status", SubscriptionStatus),
            one_of("core_subscription", "billing_cycle", BillingCycle),
            *not_negative("core_subscription", "monthly_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_name} ({self.status})"
