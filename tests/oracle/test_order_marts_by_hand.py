"""revenue_metrics and customer_metrics against numbers worked out by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.oracle import expected
from tests.oracle.shop_rows import ShopRows

pytestmark = pytest.mark.postgres


def by_day(dsn: str, mart: str, as_of: date, **options: int) -> dict[date, dict[str, Any]]:
    """The mart of a database with one tenant."""
    return {row["dt"]: row for row in expected(dsn, mart, as_of_date=as_of, **options)}


def test_revenue_of_each_day_between_the_first_order_and_the_as_of_date(
    shop: str, rows: ShopRows
) -> None:
    tenant = rows.tenant()
    ann, bob = rows.customer(tenant), rows.customer(tenant)
    book = rows.product(tenant)
    rows.order(ann, "2024-01-30 10:00:00", "50.00", tax="5.00", shipping="1.00", status="cancelled")
    rows.order(ann, "2024-01-31 00:00:00", "3.00", status="cancelled")
    late = rows.order(ann, "2024-01-31 23:59:59.999999", "100.00", tax="10.00", shipping="5.00")
    rows.item(late, book, discount="2.50")
    rows.item(late, book, discount="0.50")
    early = rows.order(ann, "2024-02-01 00:00:00", "20.00", tax="2.00")
    rows.item(early, book, discount="0.25")
    rows.order(bob, "2024-02-01 12:00:00", "10.01")
    rows.order(bob, "2024-02-01 12:00:00", "10.00")
    pending = rows.order(bob, "2024-02-02 12:00:00", "7.00", status="pending")
    rows.item(pending, book, discount="1.00")
    rows.order(bob, "2024-02-04 00:00:00", "500.00")

    days = by_day(shop, "revenue_metrics", date(2024, 2, 3))

    assert list(days) == [
        date(2024, 1, 30),
        date(2024, 1, 31),
        *(date(2024, 2, n) for n in (1, 2, 3)),
    ]
    assert days[date(2024, 1, 30)]["cancelled_order_count"] == 1
    assert days[date(2024, 1, 30)]["cancelled_value"] == Decimal("56.00")
    assert days[date(2024, 1, 30)]["order_count"] == 0
    assert days[date(2024, 1, 31)] == {
        "tenant_id": tenant,
        "dt": date(2024, 1, 31),
        "order_count": 1,
        "unique_customers": 1,
        "total_revenue": Decimal("115.00"),
        "avg_order_value": Decimal("115.00"),
        "net_revenue": Decimal("100.00"),
        "tax": Decimal("10.00"),
        "shipping": Decimal("5.00"),
        "discounts": Decimal("3.00"),
        "cancelled_order_count": 1,
        "cancelled_value": Decimal("3.00"),
        "new_customer_orders": 1,
        "repeat_customer_orders": 0,
        "revenue_mtd": Decimal("115.00"),
        "revenue_7d_avg": Decimal("16.43"),
    }
    assert days[date(2024, 2, 1)] == {
        "tenant_id": tenant,
        "dt": date(2024, 2, 1),
        "order_count": 3,
        "unique_customers": 2,
        "total_revenue": Decimal("42.01"),
        "avg_order_value": Decimal("14.00"),
        "net_revenue": Decimal("40.01"),
        "tax": Decimal("2.00"),
        "shipping": Decimal("0.00"),
        "discounts": Decimal("0.25"),
        "cancelled_order_count": 0,
        "cancelled_value": Decimal("0.00"),
        # Bob's two orders of the same moment: one is his first, the other is not.
        "new_customer_orders": 1,
        "repeat_customer_orders": 2,
        "revenue_mtd": Decimal("42.01"),
        "revenue_7d_avg": Decimal("22.43"),
    }


def test_a_day_without_completed_orders_is_a_zero_row_with_a_null_average(
    shop: str, rows: ShopRows
) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant)
    rows.order(ann, "2024-03-01 00:00:00", "70.00")
    pending = rows.order(ann, "2024-03-02 00:00:00", "7.00", status="pending")
    rows.item(pending, rows.product(tenant), discount="1.00")
    zero = Decimal("0.00")
    assert by_day(shop, "revenue_metrics", date(2024, 3, 2))[date(2024, 3, 2)] == {
        "tenant_id": tenant,
        "dt": date(2024, 3, 2),
        "order_count": 0,
        "unique_customers": 0,
        "total_revenue": zero,
        "avg_order_value": None,
        "net_revenue": zero,
        "tax": zero,
        "shipping": zero,
        "discounts": zero,
        "cancelled_order_count": 0,
        "cancelled_value": zero,
        "new_customer_orders": 0,
        "repeat_customer_orders": 0,
        "revenue_mtd": Decimal("70.00"),
        "revenue_7d_avg": Decimal("10.00"),
    }


def test_the_seven_day_average_always_divides_by_seven_and_lets_go_after_seven_days(
    shop: str, rows: ShopRows
) -> None:
    ann = rows.customer(rows.tenant())
    rows.order(ann, "2024-03-01 23:59:59.999999", "70.00")
    rows.order(ann, "2024-03-05 00:00:00", "0.35")
    days = by_day(shop, "revenue_metrics", date(2024, 3, 12))
    averages = [str(day["revenue_7d_avg"]) for day in days.values()]
    assert averages == ["10.00"] * 4 + ["10.05"] * 3 + ["0.05"] * 4 + ["0.00"]


def test_averages_of_money_are_rounded_half_up(shop: str, rows: ShopRows) -> None:
    ann = rows.customer(rows.tenant())
    rows.order(ann, "2024-03-01 01:00:00", "10.00")
    rows.order(ann, "2024-03-01 02:00:00", "10.01")
    [day] = by_day(shop, "revenue_metrics", date(2024, 3, 1)).values()
    assert day["avg_order_value"] == Decimal("10.01")  # of 10.005


def test_month_to_date_starts_again_on_the_first_day_of_the_month(
    shop: str, rows: ShopRows
) -> None:
    ann = rows.customer(rows.tenant())
    rows.order(ann, "2024-02-29 23:59:59.999999", "1.00")
    rows.order(ann, "2024-03-01 00:00:00", "2.00")
    rows.order(ann, "2024-03-31 23:59:59.999999", "4.00")
    days = by_day(shop, "revenue_metrics", date(2024, 4, 1))
    months_to_date = {
        dt.isoformat(): int(day["revenue_mtd"])
        for dt, day in days.items()
        if dt.day in (1, 2, 29, 30, 31)
    }
    assert months_to_date == {
        "2024-02-29": 1,
        "2024-03-01": 2,
        "2024-03-02": 2,
        "2024-03-29": 2,
        "2024-03-30": 2,
        "2024-03-31": 6,
        "2024-04-01": 0,
    }


def test_a_tenant_whose_orders_all_lie_in_the_future_has_no_days(shop: str, rows: ShopRows) -> None:
    rows.order(rows.customer(rows.tenant()), "2024-03-02 00:00:00")
    assert by_day(shop, "revenue_metrics", date(2024, 3, 1)) == {}


def test_a_first_order_is_the_first_completed_one(shop: str, rows: ShopRows) -> None:
    ann = rows.customer(rows.tenant())
    rows.order(ann, "2024-03-01 00:00:00", status="cancelled")
    rows.order(ann, "2024-03-02 00:00:00")
    days = by_day(shop, "revenue_metrics", date(2024, 3, 2))
    assert days[date(2024, 3, 2)]["new_customer_orders"] == 1


def test_customers_are_counted_by_the_utc_day_of_their_creation(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    rows.customer(tenant, "2024-01-01 00:00:00")
    rows.customer(tenant, "2024-01-01 23:59:59.999999")
    rows.customer(tenant, "2024-01-31 00:00:00")
    rows.customer(tenant, "2024-02-02 00:00:00")
    days = by_day(shop, "customer_metrics", date(2024, 2, 1))
    assert len(days) == 32
    counts = ("total_customers", "new_customers", "new_customers_30d")
    assert [days[date(2024, 1, n)][c] for n in (1, 30, 31) for c in counts] == [
        *(2, 2, 2),
        *(2, 0, 2),
        *(3, 1, 1),
    ]


def test_a_snapshot_before_any_order_has_zero_counts_and_null_rates(
    shop: str, rows: ShopRows
) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant, "2024-01-01 00:00:00")
    rows.order(ann, "2024-01-02 00:00:00")
    assert by_day(shop, "customer_metrics", date(2024, 1, 1)) == {
        date(2024, 1, 1): {
            "tenant_id": tenant,
            "dt": date(2024, 1, 1),
            "total_customers": 1,
            "new_customers": 1,
            "new_customers_30d": 1,
            "active_customers_30d": 0,
            "repeat_customers": 0,
            "repeat_rate": None,
            "ordering_customers": 0,
            "churned_customers": 0,
            "churn_rate": None,
            "avg_ltv": None,
        }
    }


def test_ordering_repeating_and_active_customers_of_a_day(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann, bob, cat, _ = (rows.customer(tenant) for _ in range(4))
    rows.order(ann, "2024-01-10 00:00:00", "10.00", tax="1.00")
    rows.order(ann, "2024-01-10 00:00:00", "20.00", shipping="0.01")
    rows.order(bob, "2024-01-10 23:59:59.999999", "5.00")
    rows.order(bob, "2024-01-11 00:00:00", "5.00", status="cancelled")
    rows.order(cat, "2024-02-08 00:00:00", "100.00")
    days = by_day(shop, "customer_metrics", date(2024, 2, 9))
    columns = ("ordering_customers", "repeat_customers", "repeat_rate", "active_customers_30d")
    picked = {dt: (*(days[dt][c] for c in columns), str(days[dt]["avg_ltv"])) for dt in days}
    assert picked[date(2024, 1, 9)] == (0, 0, None, 0, "None")
    assert picked[date(2024, 1, 10)] == (2, 1, 0.5, 2, "18.01")  # 36.01 / 2 = 18.005
    assert picked[date(2024, 2, 8)] == (3, 1, 1 / 3, 3, "45.34")  # 136.01 / 3 = 45.336...
    assert picked[date(2024, 2, 9)] == (3, 1, 1 / 3, 1, "45.34")


def test_a_customer_churns_exactly_ninety_days_after_the_last_completed_order(
    shop: str, rows: ShopRows
) -> None:
    tenant = rows.tenant()
    ann, bob = rows.customer(tenant), rows.customer(tenant)
    rows.order(ann, "2024-01-10 23:59:59.999999")
    rows.order(ann, "2024-03-01 00:00:00", status="pending")
    rows.order(bob, "2024-01-11 00:00:00")
    rows.order(ann, "2024-04-11 00:00:00")
    days = by_day(shop, "customer_metrics", date(2024, 4, 11))
    churned = [
        (days[date(2024, 4, n)]["churned_customers"], days[date(2024, 4, n)]["churn_rate"])
        for n in (8, 9, 10, 11)
    ]
    assert churned == [(0, 0.0), (1, 0.5), (2, 1.0), (1, 0.5)]


def test_the_days_until_churn_are_a_parameter(shop: str, rows: ShopRows) -> None:
    ann = rows.customer(rows.tenant())
    rows.order(ann, "2024-01-10 00:00:00")
    days = by_day(shop, "customer_metrics", date(2024, 1, 18), churn_days=7)
    assert [days[date(2024, 1, n)]["churned_customers"] for n in (16, 17, 18)] == [0, 1, 1]
