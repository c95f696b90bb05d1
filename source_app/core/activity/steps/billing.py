"""Subscriptions and invoices: trials, plans, renewals, payments."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from ... import services
from ...models import (
    BillingCycle,
    Customer,
    Invoice,
    InvoiceStatus,
    Subscription,
    SubscriptionStatus,
)
from ..shop import Change, Shop, changed

PLANS = {
    "basic": Decimal("19.00"),
    "plus": Decimal("49.00"),
    "pro": Decimal("99.00"),
    "business": Decimal("249.00"),
}
UNPAID = [InvoiceStatus.SENT, InvoiceStatus.OVERDUE]


@transaction.atomic
def subscribe(shop: Shop) -> list[Change]:
    """A customer subscribes, and gets the first invoice."""
    plan = shop.chance.choice(list(PLANS))
    is_yearly = shop.chance.happens(0.15)
    subscription = services.subscription_start(
        customer=_customer(shop),
        plan_name=plan,
        monthly_amount=PLANS[plan],
        billing_cycle=BillingCycle.YEARLY if is_yearly else BillingCycle.MONTHLY,
        subscription_id=shop.ids.uuid(),
    )
    invoice = services.invoice_issue(subscription=subscription, invoice_id=shop.ids.uuid())
    return [
        changed("subscription started", subscription, f"{subscription.monthly_amount} a month"),
        changed("  its first invoice sent", invoice, f"amount {invoice.amount}"),
    ]


def try_out(shop: Shop) -> list[Change]:
    """A customer starts a trial."""
    subscription = services.subscription_start(
        customer=_customer(shop),
        plan_name="basic",
        monthly_amount=PLANS["basic"],
        status=SubscriptionStatus.TRIAL,
        subscription_id=shop.ids.uuid(),
    )
    return [changed("trial started", subscription)]


@transaction.atomic
def end_trial(shop: Shop) -> list[Change]:
    """A trial is paid for from now on, or runs out."""
    trial = shop.pick(_subscriptions(shop, SubscriptionStatus.TRIAL), "trial")
    if shop.chance.happens(0.5):
        return [changed("trial expired", services.subscription_expire(subscription=trial))]
    subscription = services.subscription_activate(subscription=trial)
    invoice = services.invoice_issue(subscription=subscription, invoice_id=shop.ids.uuid())
    return [
        changed("trial became active", subscription),
        changed("  its first invoice sent", invoice, f"amount {invoice.amount}"),
    ]


def change_plan(shop: Shop) -> list[Change]:
    """The old subscription ends, and one of another plan starts."""
    old = shop.pick(_subscriptions(shop, SubscriptionStatus.ACTIVE), "active subscription")
    plan = shop.chance.choice([name for name in PLANS if name != old.plan_name])
    new = services.subscription_change_plan(
        subscription=old,
        plan_name=plan,
        monthly_amount=PLANS[plan],
        subscription_id=shop.ids.uuid(),
    )
    return [
        changed("subscription ended by a change of plan", old, old.plan_name),
        changed("  the next one started", new, f"{old.plan_name} -> {plan}"),
    ]


def unsubscribe(shop: Shop) -> list[Change]:
    """An active subscription is cancelled."""
    row = shop.pick(_subscriptions(shop, SubscriptionStatus.ACTIVE), "active subscription")
    return [changed("subscription cancelled", services.subscription_cancel(subscription=row))]


def bill(shop: Shop) -> list[Change]:
    """A running subscription gets its next invoice."""
    row = shop.pick(_subscriptions(shop, SubscriptionStatus.ACTIVE), "active subscription")
    invoice = services.invoice_issue(subscription=row, invoice_id=shop.ids.uuid())
    return [changed("invoice sent", invoice, f"amount {invoice.amount}")]


def pay_invoice(shop: Shop) -> list[Change]:
    """An unpaid invoice is paid."""
    invoice = shop.pick(shop.mine(Invoice).filter(status__in=UNPAID), "unpaid invoice")
    old = invoice.status
    services.invoice_pay(invoice=invoice)
    return [changed("invoice paid", invoice, f"{old} -> paid, amount {invoice.amount}")]


def flag_overdue(shop: Shop) -> list[Change]:
    """A sent invoice past its due date becomes overdue."""
    late = shop.mine(Invoice).filter(status=InvoiceStatus.SENT, due_date__lt=timezone.now().date())
    invoice = services.invoice_mark_overdue(invoice=shop.pick(late, "late invoice"))
    return [changed("invoice overdue", invoice, f"due {invoice.due_date}")]


def cancel_invoice(shop: Shop) -> list[Change]:
    """An unpaid invoice is cancelled."""
    invoice = shop.pick(shop.mine(Invoice).filter(status__in=UNPAID), "unpaid invoice")
    return [changed("invoice cancelled", services.invoice_cancel(invoice=invoice))]


def _customer(shop: Shop) -> Customer:
    return shop.pick(shop.mine(Customer), "customer")


def _subscriptions(shop: Shop, status: SubscriptionStatus):
    return shop.mine(Subscription).filter(status=status).select_related("customer__tenant")
