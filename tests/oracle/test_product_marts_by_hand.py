"""product_performance and product_sales against numbers worked out by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.oracle import expected
from tests.oracle.shop_rows import ShopRows

pytestmark = pytest.mark.postgres

AS_OF = date(2024, 6, 30)
"""The 90 days to it are 2 April to 30 June."""


def performance(dsn: str) -> dict[str, dict[str, Any]]:
    rows = expected(dsn, "product_performance", as_of_date=AS_OF)
    return {row["product_id"]: row for row in rows}


def cells(row: dict[str, Any], *columns: str) -> tuple[Any, ...]:
    return tuple(row[column] for column in columns)


def test_performance_of_a_product(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant)
    book = rows.product(tenant, cost="4.00", stock=10)
    before_window = rows.order(ann, "2024-04-01 23:59:59.999999")
    rows.item(before_window, book, 2, "10.00", discount="1.00")
    in_window = rows.order(ann, "2024-04-02 00:00:00")
    rows.item(in_window, book, 3, "7.00")
    rows.item(in_window, book, 1, "10.00")
    after_window = rows.order(ann, "2024-07-01 00:00:00")
    rows.item(after_window, book, 1, "10.00")
    for status in ("pending", "processing", "cancelled"):
        rows.item(rows.order(ann, "2024-06-01 00:00:00", status=status), book, 50)

    assert performance(shop)[book] == {
        "tenant_id": tenant,
        "product_id": book,
        "units_sold": 6,
        "order_count": 2,
        "revenue": Decimal("50.00"),
        "cost": Decimal("24.00"),
        "gross_profit": Decimal("26.00"),
        "gross_margin": pytest.approx(26 / 50, rel=1e-12),
        "rank_in_tenant": 1,
        "rank_in_category": 1,
        "stock_quantity": 10,
        # 4 units in the window at 4.00; 10 units in stock at 4.00.
        "inventory_turnover": pytest.approx(16 * 365 / 90 / 40, rel=1e-12),
        "days_of_inventory": pytest.approx(225.0, rel=1e-12),
        "sell_through_rate": pytest.approx(6 / 16, rel=1e-12),
        "is_out_of_stock": False,
    }


def test_the_last_moment_of_the_as_of_date_is_in_the_window(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    book = rows.product(tenant, stock=9)
    order = rows.order(rows.customer(tenant), "2024-06-30 23:59:59.999999")
    rows.item(order, book)
    assert performance(shop)[book]["days_of_inventory"] == pytest.approx(9 * 90, rel=1e-12)


def test_ratios_are_null_exactly_where_their_denominator_is_zero(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    order = rows.order(rows.customer(tenant), "2024-06-01 00:00:00")
    sold_out = rows.product(tenant, stock=0)
    without_cost = rows.product(tenant, stock=5, cost="0.00")
    given_away = rows.product(tenant, stock=1)
    unsold = rows.product(tenant, stock=3)
    unsold_and_sold_out = rows.product(tenant, stock=0)
    rows.item(order, sold_out, 1, "8.00")
    rows.item(order, without_cost, 1, "5.00")
    rows.item(order, given_away, 1, "5.00", discount="5.00")

    found = performance(shop)

    ratios = ("gross_margin", "inventory_turnover", "days_of_inventory", "sell_through_rate")
    assert cells(found[sold_out], *ratios) == (0.5, None, None, 1.0)
    assert cells(found[without_cost], *ratios) == (1.0, None, None, pytest.approx(1 / 6))
    assert cells(found[given_away], *ratios) == (None, pytest.approx(365 / 90), 90.0, 0.5)
    assert cells(found[unsold], *ratios) == (None, 0.0, None, 0.0)
    assert cells(found[unsold_and_sold_out], *ratios) == (None, None, None, None)
    assert [found[p]["is_out_of_stock"] for p in (sold_out, unsold, unsold_and_sold_out)] == [
        True,
        False,
        True,
    ]


def test_an_oversold_product_is_out_of_stock(shop: str, rows: ShopRows) -> None:
    oversold = rows.product(rows.tenant(), stock=-1)
    assert cells(performance(shop)[oversold], "stock_quantity", "is_out_of_stock") == (-1, True)


def test_an_unsold_product_has_a_row_of_zeros(shop: str, rows: ShopRows) -> None:
    unsold = rows.product(rows.tenant())
    columns = ("units_sold", "order_count", "revenue", "cost", "gross_profit")
    assert cells(performance(shop)[unsold], *columns) == (0, 0, *[Decimal("0.00")] * 3)


def test_equal_revenue_shares_a_rank_and_the_next_rank_is_skipped(
    shop: str, rows: ShopRows
) -> None:
    tenant, other = rows.tenant(), rows.tenant("other")
    order = rows.order(rows.customer(tenant), "2024-06-01 00:00:00")
    categories_and_prices = [
        ("Books", "60.00"),
        ("Toys", "60.00"),
        ("Books", "5.00"),
        ("Books", "60.00"),
        ("Toys", "0.00"),
    ]
    products = []
    for category, price in categories_and_prices:
        products.append(rows.product(tenant, category=category))
        rows.item(order, products[-1], 1, price)
    unsold = rows.product(tenant, category="Toys")
    elsewhere = rows.product(other, category="Books")

    found = performance(shop)

    ranks = [
        cells(found[p], "rank_in_tenant", "rank_in_category")
        for p in (*products, unsold, elsewhere)
    ]
    assert ranks == [(1, 1), (1, 1), (4, 3), (1, 1), (5, 2), (5, 2), (1, 1)]


def test_sales_of_a_product_on_a_day(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant)
    book, toy = rows.product(tenant, cost="4.00"), rows.product(tenant, cost="30.00")
    start_of_day = rows.order(ann, "2024-06-01 00:00:00")
    rows.item(start_of_day, book, 2, "10.00", discount="1.50")
    rows.item(start_of_day, book, 1, "9.99")
    end_of_day = rows.order(ann, "2024-06-01 23:59:59.999999")
    rows.item(end_of_day, book, 1, "10.00", discount="0.01")
    rows.item(end_of_day, toy, 1, "20.00")
    rows.item(rows.order(ann, "2024-06-02 00:00:00"), book)
    rows.item(rows.order(ann, "2024-06-02 01:00:00", status="processing"), toy)
    rows.item(rows.order(ann, "2024-06-02 01:00:00", status="processing"), book)
    rows.item(rows.order(ann, "2024-06-30 23:59:59.999999"), book)
    rows.item(rows.order(ann, "2024-07-01 00:00:00"), toy)

    sales = expected(shop, "product_sales", as_of_date=AS_OF)

    assert [(row["product_id"], row["dt"].day) for row in sales] == [
        (book, 1),
        (book, 2),
        (book, 30),
        (toy, 1),
    ]
    assert sales[0] == {
        "tenant_id": tenant,
        "product_id": book,
        "dt": date(2024, 6, 1),
        "order_count": 2,
        "units_sold": 4,
        "gross_sales": Decimal("39.99"),
        "discounts": Decimal("1.51"),
        "net_sales": Decimal("38.48"),
        "cost": Decimal("16.00"),
        "gross_profit": Decimal("22.48"),
    }
    assert [row["units_sold"] for row in sales] == [4, 1, 1, 1]
    assert sales[3]["gross_profit"] == Decimal("-10.00")


def test_cost_is_the_present_cost_of_the_product(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    book = rows.product(tenant, cost="4.00")
    rows.item(rows.order(rows.customer(tenant), "2024-06-01 00:00:00"), book, 2)
    rows.change("core_product", book, cost="6.00")
    [sale] = expected(shop, "product_sales", as_of_date=AS_OF)
    assert (sale["cost"], performance(shop)[book]["cost"]) == (Decimal(12), Decimal(12))


def test_a_deleted_product_without_sales_has_no_row(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    kept, dropped = rows.product(tenant), rows.product(tenant)
    rows.delete("core_product", dropped)
    assert list(performance(shop)) == [kept]
