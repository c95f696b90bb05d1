"""Writes to invoices."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from ..errors import TransitionError
from ..models import BillingCycle, Invoice, InvoiceStatus, Subscription
from .saving import save_changes, save_new

PAYMENT_TERM = timedelta(days=14)
PAYABLE = {InvoiceStatus.SENT, InvoiceStatus.OVERDUE}


def invoice_issue(*, subscription: Subscription, invoice_id: UUID | None = None) -> Invoice:
    """Send the invoice of the billing period that starts today (UTC)."""
    key, at = invoice_id or uuid4(), timezone.now()
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
            issue_date=at.date(),
            due_date=at.date() + PAYMENT_TERM,
            created_at=at,
            updated_at=at,
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


def invoice_mark_overdue(*, invoice: Invoice) -> Invoice:
    """Flag an invoice that is sent, unpaid and past its due date (UTC), else TransitionError."""
    today = timezone.now().date()
    if invoice.status != InvoiceStatus.SENT or invoice.due_date >= today:
        raise TransitionError(
            f"invoice {invoice.pk} is {invoice.status} and due on {invoice.due_date}, so it is "
            "not overdue; nothing was written; only a sent one past its due date is"
        )
    return save_changes(invoice, status=InvoiceStatus.OVERDUE)


def invoice_cancel(*, invoice: Invoice) -> Invoice:
    """Cancel an invoice that is not paid. Raises TransitionError for one that is, or was before."""
    if invoice.status in {InvoiceStatus.PAID, InvoiceStatus.CANCELLED}:
        raise TransitionError(
            f"invoice {invoice.pk} is {invoice.status} and can't be cancelled; nothing was written"
        )
    return save_changes(invoice, status=InvoiceStatus.CANCELLED)
