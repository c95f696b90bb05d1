"""Writes to subscriptions."""

from decimal import Decimal
from uuid import UUID, uuid4

from django.utils import timezone

from ..errors import TransitionError
from ..models import BillingCycle, Customer, Subscription, SubscriptionStatus
from .saving import all_or_nothing, save_changes, save_new

RUNNING = {SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIAL}


def subscription_start(
    *,
    customer: Customer,
    plan_name: str,
    monthly_amount: Decimal,
    billing_cycle: BillingCycle = BillingCycle.MONTHLY,
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE,
    subscription_id: UUID | None = None,
) -> Subscription:
    """Start a subscription today (UTC); active, or a trial."""
    at = timezone.now()
    return save_new(
        Subscription(
            id=subscription_id or uuid4(),
            tenant=customer.tenant,
            customer=customer,
            plan_name=plan_name,
            status=status,
            start_date=at.date(),
            monthly_amount=monthly_amount,
            billing_cycle=billing_cycle,
            created_at=at,
            updated_at=at,
        )
    )


def subscription_activate(*, subscription: Subscription) -> Subscription:
    """A trial becomes a paid subscription. Raises TransitionError for any other."""
    _require(subscription, {SubscriptionStatus.TRIAL}, "become active")
    return save_changes(subscription, status=SubscriptionStatus.ACTIVE)


def subscription_cancel(*, subscription: Subscription) -> Subscription:
    """End a running subscription today (UTC). Raises TransitionError when it has ended."""
    return _end(subscription, SubscriptionStatus.CANCELLED)


def subscription_expire(*, subscription: Subscription) -> Subscription:
    """Let a running subscription run out today (UTC). Raises TransitionError when it has ended."""
    return _end(subscription, SubscriptionStatus.EXPIRED)


@all_or_nothing
def subscription_change_plan(
    *,
    subscription: Subscription,
    plan_name: str,
    monthly_amount: Decimal,
    subscription_id: UUID | None = None,
) -> Subscription:
    """End the running subscription and start the next one of its customer today; returns that."""
    subscription_cancel(subscription=subscription)
    return subscription_start(
        customer=subscription.customer,
        plan_name=plan_name,
        monthly_amount=monthly_amount,
        billing_cycle=BillingCycle(subscription.billing_cycle),
        subscription_id=subscription_id,
    )


def _end(subscription: Subscription, status: SubscriptionStatus) -> Subscription:
    _require(subscription, RUNNING, f"become {status}")
    today = timezone.now().date()
    return save_changes(subscription, status=status, end_date=max(today, subscription.start_date))


def _require(subscription: Subscription, statuses: set[SubscriptionStatus], what: str) -> None:
    if subscription.status not in statuses:
        raise TransitionError(
            f"subscription {subscription.pk} is {subscription.status} and can't {what}; nothing "
            f"was written; only one that is {' or '.join(sorted(statuses))} can"
        )
