"""Writes to subscriptions."""

from decimal import Decimal

from django.utils import timezone

from ..models import BillingCycle, Customer, Subscription, SubscriptionStatus
from .saving import save_new


def subscription_start(
    *,
    customer: Customer,
    plan_name: str,
    monthly_amount: Decimal,
    billing_cycle: BillingCycle = BillingCycle.MONTHLY,
) -> Subscription:
    """Start an active subscription today (UTC)."""
    return save_new(
        Subscription(
            tenant=customer.tenant,
            customer=customer,
            plan_name=plan_name,
            status=SubscriptionStatus.ACTIVE,
            start_date=timezone.now().date(),
            monthly_amount=monthly_amount,
            billing_cycle=billing_cycle,
        )
    )
