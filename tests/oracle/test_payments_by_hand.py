"""payment_metrics against numbers worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.oracle import expected
from tests.oracle.shop_rows import ShopRows

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

AS_OF = date(2024, 6, 30)
AGING = ("aging_0_30", "aging_31_60", "aging_61_90", "aging_over_90")


@pytest.fixture
def ann(rows: ShopRows) -> str:
    """A customer of the only tenant."""
    return rows.customer(rows.tenant())


def payments(dsn: str) -> list[dict[str, Any]]:
    return expected(dsn, "payment_metrics", as_of_date=AS_OF)


def test_a_month_with_invoices_of_every_status(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant)
    rows.invoice(ann, "2024-05-01", "1.00", "draft", due="2024-05-31")
    rows.invoice(ann, "2024-05-01", "20.00", "sent", due="2024-05-31")
    rows.invoice(ann, "2024-05-02", "300.00", "overdue", due="2024-05-30")
    rows.invoice(ann, "2024-05-31", "4000.00", "paid", due="2024-06-10", paid="2024-06-10")
    rows.invoice(ann, "2024-05-31", "4000.00", "paid", due="2024-06-10", paid="2024-06-11")
    rows.invoice(ann, "2024-05-31", "4000.00", "paid", due="2024-06-10", paid="2024-05-31")
    rows.invoice(ann, "2024-05-31", "4000.00", "paid", due="2024-06-10")
    rows.invoice(ann, "2024-05-15", "50000.00", "cancelled", due="2024-05-20")
    assert payments(shop) == [
        {
            "tenant_id": tenant,
            "month": date(2024, 5, 1),
            "invoice_count": 8,
            "invoiced_amount": Decimal("66321.00"),
            "paid_count": 4,
            "paid_amount": Decimal("16000.00"),
            "payment_success_rate": pytest.approx(4 / 6, rel=1e-12),
            "overdue_count": 1,
            "overdue_amount": Decimal("300.00"),
            "outstanding_amount": Decimal("320.00"),
            "avg_days_to_pay": pytest.approx((10 + 11 + 0) / 3, rel=1e-12),
            "on_time_rate": pytest.approx(2 / 3, rel=1e-12),
            "aging_0_30": Decimal("20.00"),
            "aging_31_60": Decimal("300.00"),
            "aging_61_90": Decimal("0.00"),
            "aging_over_90": Decimal("0.00"),
            "cancelled_amount": Decimal("50000.00"),
        }
    ]


@pytest.mark.parametrize("status", ["sent", "overdue"])
@pytest.mark.parametrize(
    ("days_past_due", "bucket"),
    [
        (-15, "aging_0_30"),
        (0, "aging_0_30"),
        (30, "aging_0_30"),
        (31, "aging_31_60"),
        (60, "aging_31_60"),
        (61, "aging_61_90"),
        (90, "aging_61_90"),
        (91, "aging_over_90"),
        (400, "aging_over_90"),
    ],
)
def test_an_unpaid_invoice_is_in_the_bucket_of_its_days_past_due(
    shop: str, rows: ShopRows, ann: str, status: str, days_past_due: int, bucket: str
) -> None:
    due = AS_OF - timedelta(days=days_past_due)
    issued = min(due, AS_OF)
    rows.invoice(ann, issued.isoformat(), "10.00", status, due=due.isoformat())
    [month] = payments(shop)
    assert {name: int(month[name]) for name in AGING} == dict.fromkeys(AGING, 0) | {bucket: 10}
    assert month["outstanding_amount"] == Decimal("10.00")


@pytest.mark.parametrize("status", ["draft", "paid", "cancelled"])
def test_an_invoice_that_nobody_owes_is_in_no_bucket(
    shop: str, rows: ShopRows, ann: str, status: str
) -> None:
    rows.invoice(ann, "2024-01-01", "10.00", status, due="2024-01-31")
    [month] = payments(shop)
    assert [int(month[name]) for name in (*AGING, "outstanding_amount", "overdue_count")] == [0] * 6


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_a_month_in_which_nothing_was_really_issued_has_null_ratios(
    shop: str, rows: ShopRows, ann: str, status: str
) -> None:
    rows.invoice(ann, "2024-01-01", "10.00", status, due="2024-01-31")
    [month] = payments(shop)
    assert (month["invoice_count"], month["paid_count"]) == (1, 0)
    ratios = ("payment_success_rate", "avg_days_to_pay", "on_time_rate")
    assert [month[ratio] for ratio in ratios] == [None] * 3


def test_a_month_without_payments_has_a_success_rate_of_zero(
    shop: str, rows: ShopRows, ann: str
) -> None:
    rows.invoice(ann, "2024-06-01", "10.00", "sent", due="2024-06-30")
    [month] = payments(shop)
    assert (month["payment_success_rate"], month["on_time_rate"]) == (0.0, None)


def test_a_paid_invoice_without_a_day_of_payment_is_paid_but_not_timed(
    shop: str, rows: ShopRows, ann: str
) -> None:
    rows.invoice(ann, "2024-06-01", "10.00", "paid", due="2024-06-30")
    [month] = payments(shop)
    assert (month["paid_count"], month["avg_days_to_pay"], month["on_time_rate"]) == (1, None, None)


def test_a_day_of_payment_on_an_unpaid_invoice_changes_nothing(
    shop: str, rows: ShopRows, ann: str
) -> None:
    rows.invoice(ann, "2024-06-01", "10.00", "sent", due="2024-06-30", paid="2024-06-02")
    [month] = payments(shop)
    assert (month["paid_count"], month["avg_days_to_pay"]) == (0, None)
    assert month["outstanding_amount"] == Decimal("10.00")


def test_months_follow_the_issue_date_up_to_the_as_of_date_and_empty_ones_have_no_row(
    shop: str, rows: ShopRows, ann: str
) -> None:
    for issued in ("2024-02-29", "2024-03-31", "2024-05-01", "2024-06-30", "2024-07-01"):
        rows.invoice(ann, issued, "10.00", "sent", due="2024-12-31")
    assert [row["month"].month for row in payments(shop)] == [2, 3, 5, 6]


def test_an_invoice_belongs_to_the_month_of_its_tenant_in_which_it_was_issued(
    shop: str, rows: ShopRows, ann: str
) -> None:
    # Amounts are powers of two, so a sum tells its parts; days to pay are the same numbers.
    issued_on = ("2024-04-01", "2024-04-30", "2024-05-01", "2024-05-31", "2024-06-30", "2024-07-01")
    for n, issued in enumerate(issued_on):
        paid = date.fromisoformat(issued) + timedelta(days=2**n)
        rows.invoice(ann, issued, str(2**n), "paid", due=issued, paid=paid.isoformat())
        rows.invoice(ann, issued, str(2**n), "sent", due="2024-06-30")
    other = rows.customer(rows.tenant("other"))
    rows.invoice(other, "2024-05-10", "500.00", "paid", due="2024-05-10", paid="2024-06-30")
    columns = ("invoiced_amount", "paid_amount", "aging_0_30", "avg_days_to_pay")
    *months, others = [tuple(float(row[column]) for column in columns) for row in payments(shop)]
    assert months == [(6, 3, 3, 1.5), (24, 12, 12, 6), (32, 16, 16, 16)]
    assert others == (500, 500, 0, 51)


def test_an_invoice_dated_after_the_as_of_date_is_left_out_of_its_month(
    shop: str, rows: ShopRows, ann: str
) -> None:
    rows.invoice(ann, "2024-06-10", "10.00", "sent", due="2024-06-30")
    rows.invoice(ann, "2024-06-11", "10.00", "sent", due="2024-06-30")
    rows.invoice(ann, "2024-06-11", "10.00", "paid", due="2024-06-30", paid="2024-06-12")
    [month] = expected(shop, "payment_metrics", as_of_date=date(2024, 6, 10))
    assert (month["invoice_count"], month["outstanding_amount"]) == (1, Decimal("10.00"))
    assert (month["paid_count"], month["avg_days_to_pay"]) == (0, None)
