"""revenue_growth and category_performance against numbers worked out by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.oracle import expected
from tests.oracle.shop_rows import ShopRows

pytestmark = pytest.mark.postgres


def growth(dsn: str, as_of: date) -> dict[str, dict[str, Any]]:
    """The mart of a database with one tenant, by month as "2024-01"."""
    found = expected(dsn, "revenue_growth", as_of_date=as_of)
    return {row["month"].isoformat()[:7]: row for row in found}


def cells(row: dict[str, Any], *columns: str) -> tuple[Any, ...]:
    return tuple(row[column] for column in columns)


def test_all_columns_of_a_month(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant)
    rows.order(ann, "2023-04-30 23:59:59.999999", "50.00")
    rows.order(ann, "2024-03-31 23:59:59.999999", "200.00")
    rows.order(ann, "2024-04-01 00:00:00", "70.00", tax="3.00", shipping="2.00")
    rows.order(ann, "2024-04-30 23:59:59.999999", "0.01")
    rows.order(ann, "2024-05-01 00:00:00", "24.99")
    rows.order(ann, "2024-04-10 00:00:00", "900.00", status="cancelled")
    assert growth(shop, date(2024, 6, 30))["2024-04"] == {
        "tenant_id": tenant,
        "month": date(2024, 4, 1),
        "total_revenue": Decimal("75.01"),
        "order_count": 2,
        "avg_order_value": Decimal("37.51"),
        "revenue_mom_growth": pytest.approx(-124.99 / 200, rel=1e-12),
        "quarter_revenue": Decimal("100.00"),
        "revenue_qoq_growth": -0.5,
        "revenue_yoy_growth": pytest.approx(25.01 / 50, rel=1e-12),
        "is_complete_month": True,
        "is_complete_quarter": True,
    }


def test_growth_from_nothing_is_null_and_to_nothing_minus_one(shop: str, rows: ShopRows) -> None:
    ann = rows.customer(rows.tenant())
    rows.order(ann, "2024-01-31 12:00:00", "10.00")
    rows.order(ann, "2024-04-01 12:00:00", "10.00")
    months = growth(shop, date(2024, 4, 30))
    assert [row["revenue_mom_growth"] for row in months.values()] == [None, -1.0, None, None]
    assert [row["revenue_qoq_growth"] for row in months.values()] == [None, None, None, 0.0]


def test_the_calendar_starts_with_the_first_order_of_any_status(shop: str, rows: ShopRows) -> None:
    ann = rows.customer(rows.tenant())
    rows.order(ann, "2024-02-01 00:00:00", status="pending")
    rows.order(ann, "2024-04-01 00:00:00")
    assert list(growth(shop, date(2024, 3, 31))) == ["2024-02", "2024-03"]


def test_a_period_is_complete_from_the_first_order_to_the_as_of_date(
    shop: str, rows: ShopRows
) -> None:
    ann = rows.customer(rows.tenant())
    rows.order(ann, "2024-01-01 23:59:59.999999")
    complete = ("is_complete_month", "is_complete_quarter")
    whole = growth(shop, date(2024, 3, 31))
    assert {cells(row, *complete) for row in whole.values()} == {(True, True)}
    one_day_less = growth(shop, date(2024, 3, 30))
    assert cells(one_day_less["2024-02"], *complete) == (True, False)
    assert cells(one_day_less["2024-03"], *complete) == (False, False)


def test_a_tenant_that_begins_on_the_second_day_has_no_complete_first_month(
    shop: str, rows: ShopRows
) -> None:
    rows.order(rows.customer(rows.tenant()), "2024-01-02 00:00:00")
    months = growth(shop, date(2024, 3, 31))
    assert [row["is_complete_month"] for row in months.values()] == [False, True, True]
    assert not months["2024-03"]["is_complete_quarter"]


def test_all_columns_of_a_category(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant)
    book, pen = rows.product(tenant, cost="4.00"), rows.product(tenant, cost="1.00")
    toy = rows.product(tenant, category="Toys")
    january = rows.order(ann, "2024-01-31 23:59:59.999999")
    rows.item(january, book, 1, "20.00")
    february = rows.order(ann, "2024-02-01 00:00:00")
    rows.item(february, book, 2, "10.00", discount="1.00")
    rows.item(february, pen, 5, "2.20")
    rows.item(february, toy, 1, "10.00")
    rows.item(rows.order(ann, "2024-02-02 00:00:00", status="pending"), book, 9)
    found = expected(shop, "category_performance", as_of_date=date(2024, 3, 1))
    assert [(row["month"].month, row["category"]) for row in found] == [
        (1, "Books"),
        (2, "Books"),
        (2, "Toys"),
        (3, "Books"),
        (3, "Toys"),
    ]
    assert found[1] == {
        "tenant_id": tenant,
        "month": date(2024, 2, 1),
        "category": "Books",
        "units_sold": 7,
        "revenue": Decimal("30.00"),
        "cost": Decimal("13.00"),
        "gross_profit": Decimal("17.00"),
        "gross_margin": pytest.approx(17 / 30, rel=1e-12),
        "revenue_share": 0.75,
        "revenue_mom_growth": 0.5,
        "rank_in_month": 1,
    }
    empty = ("revenue", "gross_margin", "revenue_share", "revenue_mom_growth", "rank_in_month")
    assert cells(found[3], *empty) == (Decimal("0.00"), None, None, -1.0, 1)


def test_categories_of_another_tenant_change_nothing(shop: str, rows: ShopRows) -> None:
    for name, price in (("acme", "10.00"), ("other", "90.00")):
        tenant = rows.tenant(name)
        order = rows.order(rows.customer(tenant), "2024-01-01 00:00:00")
        rows.item(order, rows.product(tenant), 1, price)
    found = expected(shop, "category_performance", as_of_date=date(2024, 1, 31))
    assert [cells(row, "revenue_share", "rank_in_month") for row in found] == [(1.0, 1)] * 2


def test_equal_revenue_shares_the_rank_of_a_category(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    order = rows.order(rows.customer(tenant), "2024-01-01 00:00:00")
    for category, price in (
        ("Books", "5.00"),
        ("Home", "7.00"),
        ("Sports", "7.00"),
        ("Toys", "1.00"),
    ):
        rows.item(order, rows.product(tenant, category=category), 1, price)
    found = expected(shop, "category_performance", as_of_date=date(2024, 1, 31))
    assert [row["rank_in_month"] for row in found] == [3, 1, 1, 4]
