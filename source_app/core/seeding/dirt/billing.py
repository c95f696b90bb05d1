"""Dirt of subscriptions and invoices. Unknown statuses and negative amounts can't occur."""

from datetime import timedelta
from decimal import Decimal

from ..draw import Chance
from ..rows import InvoiceRow, SubscriptionRow
from .kind import Kind, Setting

DAY = timedelta(days=1)


def _ended(row: SubscriptionRow, _: Setting) -> bool:
    return row.end_date is not None


def _ended_before(chance: Chance, row: SubscriptionRow, _: Setting) -> SubscriptionRow:
    return row._replace(end_date=row.start_date - DAY * chance.randint(1, 15))


def _can_have_ended(row: SubscriptionRow, setting: Setting) -> bool:
    return row.status == "active" and (setting.shop.history.end - row.start_date).days > 1


def _active_after_end(chance: Chance, row: SubscriptionRow, setting: Setting) -> SubscriptionRow:
    room = (setting.shop.history.end - row.start_date).days
    return row._replace(end_date=row.start_date + DAY * chance.randrange(1, room))


def _is_overdue(row: InvoiceRow, _: Setting) -> bool:
    return row.status == "overdue"


def _not_flagged(_: Chance, row: InvoiceRow, __: Setting) -> InvoiceRow:
    return row._replace(status="sent", updated_at=row.created_at)


def _paid_some_time(_: Chance, row: InvoiceRow, __: Setting) -> InvoiceRow:
    return row._replace(paid_date=None)


def _paid_without_status(chance: Chance, row: InvoiceRow, _: Setting) -> InvoiceRow:
    days = (row.updated_at.date() - row.issue_date).days
    return row._replace(paid_date=row.issue_date + DAY * chance.randint(0, days))


def _other_amount(chance: Chance, row: InvoiceRow, _: Setting) -> InvoiceRow:
    factor = Decimal(chance.choice((50, 90, 110, 119))) / 100
    return row._replace(amount=(row.amount * factor).quantize(Decimal("0.01")))


KINDS = (
    Kind(
        "end_before_start",
        "core_subscription",
        _ended,
        _ended_before,
        "select count(*) from core_subscription where end_date < start_date",
        "end_before_start",
    ),
    Kind(
        "active_with_past_end",
        "core_subscription",
        _can_have_ended,
        _active_after_end,
        """select count(*) from core_subscription
        where status = 'active' and end_date < %(end)s::date""",
        "active_with_past_end",
    ),
    Kind(
        "overdue_not_flagged",
        "core_invoice",
        _is_overdue,
        _not_flagged,
        """select count(*) from core_invoice
        where status = 'sent' and due_date < %(end)s::date""",
        "overdue_not_flagged",
    ),
    Kind(
        "paid_without_date",
        "core_invoice",
        lambda row, setting: row.status == "paid",
        _paid_some_time,
        "select count(*) from core_invoice where status = 'paid' and paid_date is null",
        "paid_without_date",
    ),
    Kind(
        "date_without_paid_status",
        "core_invoice",
        _is_overdue,
        _paid_without_status,
        "select count(*) from core_invoice where status <> 'paid' and paid_date is not null",
        "date_without_paid_status",
    ),
    Kind(
        "amount_mismatch",
        "core_invoice",
        lambda row, setting: row.subscription_id is not None,
        _other_amount,
        """select count(*) from core_invoice i join core_subscription s on s.id = i.subscription_id
        where i.amount <> s.monthly_amount * case s.billing_cycle when 'yearly' then 12 else 1 end
        """,
        "amount_mismatch",
    ),
)
