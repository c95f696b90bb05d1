"""Invoices of a tenant: one a billing period of each subscription, and some for other work."""

from calendar import monthrange
from collections.abc import Container, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from .customers import Buyers
from .draw import Chance, Weights, money
from .rows import InvoiceRow, SubscriptionRow
from .shops import Shop
from .timeline import DAY, at_some_hour, between, midnight

PAYMENT_DAYS = 14
CANCELLED, STILL_DRAFT, DRAFT_DAYS = 0.03, 0.4, 3
# What becomes of an invoice, and within how many days of issue it is paid.
PAYERS = Weights({"on_time": 79, "late": 14, "never": 7})
PAID_AFTER = {"on_time": (0, PAYMENT_DAYS), "late": (PAYMENT_DAYS + 1, 50)}
OTHER_WORK = (50, 1500)  # whole units


# A subscription, and the day on which one of its periods is billed.
Period = tuple[UUID, date]


class Bill(NamedTuple):
    """What is billed, before anyone pays."""

    customer_id: UUID
    subscription_id: UUID | None
    amount: Decimal
    issued_at: datetime


class Outcome(NamedTuple):
    """What became of a bill."""

    status: str
    paid_date: date | None
    changed_at: datetime


def make_invoices(
    shop: Shop,
    buyers: Buyers,
    subscriptions: Iterable[SubscriptionRow],
    billed: Container[Period] = frozenset(),
) -> list[InvoiceRow]:
    """The tenant's invoices, oldest first; when there are too many, the latest are kept.

    `billed` are the periods of the subscriptions that have an invoice already.
    """
    taken, count = shop.numbers.invoices, shop.volumes.invoices
    chance = shop.chance("invoices", taken)
    by_age = sorted(subscriptions, key=lambda row: (row.created_at, row.id))
    bills = [bill for row in by_age for bill in _subscription_bills(chance, shop, row)]
    bills = [bill for bill in bills if (bill.subscription_id, bill.issued_at.date()) not in billed]
    bills += [_other_bill(chance, shop, buyers) for _ in range(count - len(bills))]
    bills = sorted(bills, key=lambda bill: bill.issued_at)[max(0, len(bills) - count) :]
    return [_invoice(chance, shop, n, bill) for n, bill in enumerate(bills, start=taken + 1)]


def _subscription_bills(chance: Chance, shop: Shop, row: SubscriptionRow) -> Iterator[Bill]:
    if row.status == "trial":
        return
    step = 12 if row.billing_cycle == "yearly" else 1
    ends = min(row.end_date or shop.history.end, shop.history.end)
    months = 0
    while (day := add_months(row.start_date, months)) < ends:
        issued_at = max(at_some_hour(chance, day), row.created_at)
        if issued_at < shop.history.opens_at:
            months += step
            continue
        yield Bill(row.customer_id, row.id, row.monthly_amount * step, issued_at)
        months += step


def _other_bill(chance: Chance, shop: Shop, buyers: Buyers) -> Bill:
    at = shop.timeline.moment(chance, shop.opens_at)
    return Bill(buyers.pick(chance, at).id, None, money(chance.randrange(*OTHER_WORK) * 100), at)


def _invoice(chance: Chance, shop: Shop, number: int, bill: Bill) -> InvoiceRow:
    issued_on = bill.issued_at.date()
    due_on = issued_on + DAY * PAYMENT_DAYS
    outcome = _outcome(chance, shop, bill, due_on)
    return InvoiceRow(
        id=chance.uuid(),
        tenant_id=shop.tenant.id,
        customer_id=bill.customer_id,
        subscription_id=bill.subscription_id,
        invoice_number=f"{shop.code}-INV-{number:06d}",
        amount=bill.amount,
        status=outcome.status,
        issue_date=issued_on,
        due_date=due_on,
        paid_date=outcome.paid_date,
        created_at=bill.issued_at,
        updated_at=outcome.changed_at,
    )


def _outcome(chance: Chance, shop: Shop, bill: Bill, due_on: date) -> Outcome:
    """A status that the dates allow on the last day of the history."""
    issued_on, last_day = bill.issued_at.date(), shop.history.end - DAY
    if chance.happens(CANCELLED):
        cancelled_by = min(bill.issued_at + timedelta(days=10), shop.history.closes_at)
        return Outcome("cancelled", None, between(chance, bill.issued_at, cancelled_by))
    if last_day - issued_on < DAY * DRAFT_DAYS and chance.happens(STILL_DRAFT):
        return Outcome("draft", None, bill.issued_at)
    payer = chance.one_of(PAYERS)
    if payer != "never":
        paid_on = issued_on + DAY * chance.randint(*PAID_AFTER[payer])
        if paid_on <= last_day:
            return Outcome("paid", paid_on, max(at_some_hour(chance, paid_on), bill.issued_at))
    if due_on <= last_day:
        # A job in the last minutes of a day flags what was due on it.
        return Outcome("overdue", None, midnight(due_on + DAY) - timedelta(minutes=5))
    return Outcome("sent", None, bill.issued_at)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
