"""Invoices, most of them for subscriptions."""

from django.db import models

from .base import (
    TenantRow,
    created_at,
    money,
    not_negative,
    one_of,
    same_tenant_key,
    updated_at,
)


class InvoiceStatus(models.TextChoices):
    """draft -> sent -> paid; a sent one past its due date is overdue; any may be cancelled."""

    DRAFT = "draft"
    SENT = "sent"
    PAID = "paid"
    OVERDUE = "overdue"
    CANCELLED = "cancelled"


class Invoice(TenantRow):
    """One bill to one customer."""

    customer = same_tenant_key("core.Customer", models.PROTECT)
    subscription = same_tenant_key("core.Subscription", models.PROTECT, null=True, blank=True)
    invoice_number = models.CharField(max_length=64, unique=True)
    amount = money()
    status = models.CharField(max_length=20, choices=InvoiceStatus, default=InvoiceStatus.DRAFT)
    issue_date = models.DateField()
    due_date = models.DateField()
    paid_date = models.DateField(null=True, blank=True)
    created_at = created_at()
    updated_at = updated_at()

    class Meta:
        indexes = [
            models.Index(fields=["status"], name="invoice_status"),
            models.Index(fields=["issue_date"], name="invoice_issue_date"),
            models.Index(fields=["due_date"], name="invoice_due_date"),
            models.Index(fields=["paid_date"], name="invoice_paid_date"),
            models.Index(fields=["tenant", "created_at"], name="invoice_tenant_created_at"),
            models.Index(fields=["tenant", "status"], name="invoice_tenant_status"),
        ]
        constraints = [
            one_of("core_invoice", "status", InvoiceStatus),
            *not_negative("core_invoice", "amount"),
        ]

    def __str__(self) -> str:
        return self.invoice_number
