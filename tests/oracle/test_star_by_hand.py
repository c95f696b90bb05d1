"""Dimensions and facts of the oracle against rows worked out by hand."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.audit import Audit
from tests.oracle.oracle import expected
from tests.oracle.shop_rows import ShopRows

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

AS_OF = date(2024, 6, 30)
D = Decimal


def table(dsn: str, name: str) -> list[dict[str, Any]]:
    return expected(dsn, name, as_of_date=AS_OF)


def cells(found: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in found]


def test_a_tenant_is_what_its_settings_say(shop: str, rows: ShopRows) -> None:
    odd = '{"plan": " Pro ", "tier": "Mid-Market", "currency": "eur", "country": "de"}'
    wrong = '{"plan": "", "tier": "huge", "currency": "euro"}'
    for name, settings in (("a", odd), ("b", wrong)):
        tenant = rows.tenant(name, is_active=name == "a")
        rows.change("core_tenant", tenant, settings=settings, domain=f"{name}.example")
    columns = ("tenant_slug", "tenant_domain", "plan", "tier", "currency", "country", "is_active")
    assert cells(table(shop, "dim_tenant"), *columns) == [
        ("a", "a.example", "pro", "mid_market", "EUR", "DE", True),
        ("b", "b.example", None, None, None, None, False),
    ]


def test_a_person_has_one_row_and_the_month_of_the_first_completed_order(
    shop: str, rows: ShopRows
) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant, "2024-01-01 00:00:00", email="ann@example.com")
    twin = rows.customer(tenant, "2024-01-02 00:00:00", email="ANN@example.com")
    later = rows.customer(tenant, "2025-01-01 00:00:00")
    rows.order(ann, "2024-03-01 00:00:00", status="pending")
    rows.order(twin, "2024-04-30 23:59:59")
    rows.order(later, "2024-07-01 00:00:00")
    columns = ("customer_id", "account_count", "first_ordered_on", "cohort_month")
    assert cells(table(shop, "dim_customer"), *columns) == [
        (ann, 2, date(2024, 4, 30), date(2024, 4, 1)),
        (later, 1, None, None),
    ]


@pytest.mark.parametrize(
    ("price", "band"),
    [
        ("0", "under_10"),
        ("9.99", "under_10"),
        ("10", "10_to_50"),
        ("49.99", "10_to_50"),
        ("50", "50_to_200"),
        ("199.99", "50_to_200"),
        ("200", "200_and_more"),
    ],
)
def test_a_price_lies_in_its_band(shop: str, rows: ShopRows, price: str, band: str) -> None:
    product = rows.product(rows.tenant(), cost="0", stock=0)
    rows.change("core_product", product, price=price)
    (found,) = table(shop, "dim_product")
    assert found["price_band"] == band
    assert found["margin_rate"] == (None if D(price) == 0 else 1.0)
    assert found["is_out_of_stock"]


def test_the_calendar_holds_whole_months(shop: str, rows: ShopRows) -> None:
    customer = rows.customer(rows.tenant(), "2024-05-20 00:00:00")
    rows.invoice(customer, "2024-07-01", "1.00", "sent", due="2024-07-01")
    rows.order(customer, "2024-04-30 23:59:59")
    found = table(shop, "dim_date")
    assert [row["dt"] for row in found][:: len(found) - 1] == [date(2024, 4, 1), date(2024, 6, 30)]
    assert len(found) == 30 + 31 + 30
    assert found[27] == {
        "dt": date(2024, 4, 28),
        "calendar_year": 2024,
        "calendar_quarter": 2,
        "calendar_month": 4,
        "day_of_month": 28,
        "day_of_week": 7,
        "is_weekend": True,
        "week_start": date(2024, 4, 22),
        "month_start": date(2024, 4, 1),
        "month_end": date(2024, 4, 30),
        "quarter_start": date(2024, 4, 1),
    }


def test_an_order_adds_up_its_items_and_has_a_place_among_completed_ones(
    shop: str, rows: ShopRows
) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant, "2024-06-02 00:00:00")
    cup = rows.product(tenant, cost="4.00")
    first = rows.order(ann, "2024-06-01 10:00:00", "20.00", tax="1.50", shipping="0.25")
    open_one = rows.order(ann, "2024-06-01 11:00:00", status="pending")
    second = rows.order(ann, "2024-06-03 10:00:00")
    rows.order(ann, "2024-07-01 00:00:00")
    rows.item(first, cup, 2, "10.00", discount="1.00")
    rows.item(first, cup, 1, "3.00")
    columns = ("order_id", "order_total", "item_count", "units", "gross_amount", "discounts")
    columns += ("net_amount", "cost", "gross_profit", "days_since_registration")
    found = table(shop, "fct_orders")
    nothing = (0, 0, D(0), D(0), D(0), D(0), D(0))
    assert cells(found, *columns) == [
        (first, D("21.75"), 2, 3, D(23), D(1), D(22), D(12), D(10), -1),
        (open_one, D(10), *nothing, -1),
        (second, D(10), *nothing, 1),
    ]
    columns = ("payment_method", "product_count", "main_category")
    assert cells(found, *columns) == [(None, 1, "Books"), (None, 0, None), (None, 0, None)]
    assert cells(found, "customer_order_number", "is_first_order", "is_completed") == [
        (1, True, True),
        (None, False, False),
        (2, False, True),
    ]
    items = ("order_id", "category", "gross_amount", "net_amount", "cost", "gross_profit")
    assert cells(table(shop, "fct_order_items"), *items) == [
        (first, "Books", D(20), D(19), D(8), D(11)),
        (first, "Books", D(3), D(3), D(4), D(-1)),
    ]


def test_a_session_has_a_number_a_path_and_a_visitor(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant)
    for minute, kind in enumerate(("page_view", "page_view", "search", "page_view", "purchase")):
        rows.event(tenant, kind, f"2024-06-01 10:0{minute}:00", session="s", customer=ann)
    rows.event(tenant, "page_view", "2024-06-30 23:59:59.5", session="s")
    rows.event(tenant, "click", "2024-07-01 00:00:00", session="s")
    rows.event(tenant, "click", "2024-07-02 00:00:00", session="s")
    found = table(shop, "fct_sessions")
    columns = ("session_key", "visitor_id", "path", "event_count", "searches", "clicks")
    assert cells(found, *columns, "duration_seconds", "is_converted", "is_bounce") == [
        *(("s-1", ann, "page_view > search > page_view > purchase", 5, 1, 0, 240, True, False),),
        ("s-2", "s", "page_view > click", 2, 0, 1, 0.5, False, False),
    ]
    assert found[1]["ended_at"] == datetime(2024, 7, 1)


def test_an_invoice_is_reconciled_with_the_terms_of_its_day(
    shop: str, rows: ShopRows, audit: Audit
) -> None:
    ann = rows.customer(rows.tenant())
    plan = rows.subscription(ann, "2024-01-01", amount="10.00")
    audit.begins("2024-02-01 00:00:00")
    rows.change("core_subscription", plan, monthly_amount="20.00")
    audit.was_changed("2024-03-10 12:00:00")
    cases = (
        ("2024-01-15", "10.00", "ok"),
        ("2024-03-09", "20.00", "amount_mismatch"),
        ("2024-03-10", "10.00", "ok"),
        ("2024-03-10", "20.00", "ok"),
        ("2024-03-11", "10.00", "amount_mismatch"),
    )
    for issued, amount, _ in cases:
        invoice = rows.invoice(ann, issued, amount, "paid", due=issued, paid=issued)
        rows.change("core_invoice", invoice, subscription_id=plan)
    rows.invoice(ann, "2024-03-12", "7.00", "sent", due="2024-06-29")
    rows.invoice(ann, "2024-03-12", "7.00", "sent", due="2024-06-30")
    rows.invoice(ann, "2024-03-12", "7.00", "paid", due="2024-06-30")
    rows.invoice(ann, "2024-03-12", "7.00", "draft", due="2024-06-30", paid="2024-03-13")
    found = table(shop, "fct_invoices")
    assert [row["reconciliation_status"] for row in found] == [
        *(status for *_, status in cases),
        *("overdue_not_flagged", "ok", "paid_without_date", "date_without_paid_status"),
    ]
    timed = ("days_to_pay", "days_past_due", "is_paid", "is_outstanding", "was_on_time")
    assert cells(found[-4:], *timed) == [
        (None, 1, False, True, None),
        (None, 0, False, True, None),
        (None, None, True, False, None),
        (None, None, False, False, None),
    ]
    assert cells(found[:1], *timed) == [(0, None, True, False, True)]


def test_a_subscription_has_a_row_for_each_month_end_in_force(shop: str, rows: ShopRows) -> None:
    ann = rows.customer(rows.tenant())
    rows.subscription(ann, "2024-04-30", "2024-06-30", amount="5.00")
    rows.subscription(ann, "2024-06-30", amount="7.00", status="trial")
    rows.subscription(ann, "2024-06-02", "2024-06-29", amount="9.00")
    rows.subscription(ann, "2024-07-01", amount="9.00")
    columns = ("month", "measured_on", "subscription_status", "is_paying", "mrr")
    assert cells(table(shop, "fct_subscription_months"), *columns) == [
        (date(2024, 4, 1), date(2024, 4, 30), "active", True, D(5)),
        (date(2024, 5, 1), date(2024, 5, 31), "active", True, D(5)),
        (date(2024, 6, 1), date(2024, 6, 30), "trial", False, D(0)),
    ]
