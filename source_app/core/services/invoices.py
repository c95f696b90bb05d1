"""Writes to invoices."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from ..errors import TransitionError
from ..models import BillingCycle, Invoice, InvoiceStatus, Subscription
from .saving import save_changes, save_new

PAYMENT_TERM = timedelta(days=14)
PAYABLE = {InvoiceStatus.SENT, InvoiceStatus.OVERDUE}


def invoice_issue(*, subscription: Subscription) -> Invoice:
    """Send the invoice of the billing period that starts today (UTC)."""
    key, today = uuid4(), timezone.now().date()
    months = 12 if subscription.billing_cycle == BillingCycle.YEARLY else 1
    return save_new(
        Invoice(
            id=key,
            tenant=subscription.tenant,
            customer=subscription.customer,
            subscription=subscription,
            invoice_number=f"{subscription.tenant.slug}-INV-{key.hex[:12]}".upper(),
            amount=subscription.monthly_amount * months,
            status=InvoiceStatus.SENT,
            issue_date=today,
            due_date=today + PAYMENT_TERM,
        )
    )


def invoice_pay(*, invoice: Invoice) -> Invoice:
    """Book the payment today (UTC). Raises TransitionError unless it was sent and is unpaid."""
    if invoice.status not in PAYABLE:
        raise TransitionError(
            f"invoice {invoice.pk} is {invoice.status} and can't be paid; nothing was written; "
            "only a sent or overdue one can"
        )
    return save_changes(invoice, status=InvoiceStatus.PAID, paid_date=timezone.now().date())
