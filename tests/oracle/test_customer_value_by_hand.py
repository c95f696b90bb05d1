"""customer_lifetime and customer_cohorts against numbers worked out by hand."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.oracle import expected
from tests.oracle.shop_rows import ShopRows

pytestmark = pytest.mark.postgres

AS_OF = date(2024, 6, 30)


def lifetimes(dsn: str, as_of: date = AS_OF, **options: int) -> dict[str, dict[str, Any]]:
    rows = expected(dsn, "customer_lifetime", as_of_date=as_of, **options)
    return {row["customer_id"]: row for row in rows}


def cohorts(dsn: str, as_of: date) -> list[dict[str, Any]]:
    return expected(dsn, "customer_cohorts", as_of_date=as_of)


def cells(row: dict[str, Any], *columns: str) -> tuple[Any, ...]:
    return tuple(row[column] for column in columns)


def test_all_columns_of_a_customer_who_orders(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant)
    book = rows.product(tenant, cost="4.00")
    first = rows.order(ann, "2024-01-01 00:00:00", "20.00", tax="1.00")
    rows.item(first, book, 2, "10.00")
    last = rows.order(ann, "2024-06-20 23:59:59.999999", "9.00", shipping="0.01")
    rows.item(last, book, 1, "10.00", discount="1.00")
    rows.item(rows.order(ann, "2024-06-25 00:00:00", status="cancelled"), book, 9)
    rows.item(rows.order(ann, "2024-07-01 00:00:00"), book, 9)
    assert lifetimes(shop)[ann] == {
        "tenant_id": tenant,
        "customer_id": ann,
        "first_order_at": datetime(2024, 1, 1),
        "last_order_at": datetime(2024, 6, 20, 23, 59, 59, 999999),
        "order_count": 2,
        "lifetime_revenue": Decimal("30.01"),
        "lifetime_gross_profit": Decimal("17.00"),
        "avg_order_value": Decimal("15.01"),
        "days_since_last_order": 10,
        "lifecycle_stage": "active",
        "recency_score": 1,
        "frequency_score": 1,
        "monetary_score": 1,
        "rfm_segment": "hibernating",
        # 182 days from the first order to the as-of date, both included; 80 of 90 days left.
        "predicted_ltv_12m": Decimal("53.50"),
    }


def test_a_prospect_has_zeros_and_nulls(shop: str, rows: ShopRows) -> None:
    prospect = rows.customer(rows.tenant())
    row = lifetimes(shop)[prospect]
    counts = ("order_count", "lifetime_revenue", "lifetime_gross_profit", "lifecycle_stage")
    assert cells(row, *counts) == (0, Decimal("0.00"), Decimal("0.00"), "prospect")
    assert {name for name, value in row.items() if value is None} == {
        "first_order_at",
        "last_order_at",
        "avg_order_value",
        "days_since_last_order",
        "recency_score",
        "frequency_score",
        "monetary_score",
        "rfm_segment",
        "predicted_ltv_12m",
    }


def test_who_was_not_created_yet_counts_only_after_an_order(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    rows.customer(tenant, created="2024-07-01 00:00:00")
    imported = rows.customer(tenant, created="2024-07-01 00:00:00")
    last = rows.customer(tenant, created="2024-06-30 23:59:59.999999")
    rows.order(imported, "2024-06-01 00:00:00")
    assert set(lifetimes(shop)) == {imported, last}


@pytest.mark.parametrize(
    ("first", "last", "stage"),
    [
        ("2024-06-01", "2024-06-01", "new"),
        ("2024-05-31", "2024-06-30", "active"),
        ("2024-05-17", "2024-05-17", "active"),
        ("2024-05-16", "2024-05-16", "at_risk"),
        ("2024-04-02", "2024-04-02", "at_risk"),
        ("2024-04-01", "2024-04-01", "churned"),
    ],
)
def test_stages_by_the_days_of_the_orders(
    shop: str, rows: ShopRows, first: str, last: str, stage: str
) -> None:
    ann = rows.customer(rows.tenant())
    rows.order(ann, f"{first} 23:59:59.999999")
    rows.order(ann, f"{last} 23:59:59.999999")
    assert lifetimes(shop)[ann]["lifecycle_stage"] == stage


def test_the_borders_of_stages_are_parameters(shop: str, rows: ShopRows) -> None:
    ann = rows.customer(rows.tenant())
    rows.order(ann, "2024-06-25 00:00:00")
    assert lifetimes(shop, at_risk_days=5)[ann]["lifecycle_stage"] == "at_risk"
    assert lifetimes(shop, churn_days=5)[ann]["lifecycle_stage"] == "churned"


def test_the_prediction_falls_to_nothing_on_the_day_of_churn(shop: str, rows: ShopRows) -> None:
    ann = rows.customer(rows.tenant())
    rows.order(ann, "2024-01-01 00:00:00", "90.00")
    days = (date(2024, 1, 1), date(2024, 3, 30), date(2024, 3, 31))
    found = [lifetimes(shop, day)[ann]["predicted_ltv_12m"] for day in days]
    # A year of 1.00 a day, then one ninetieth of it, then nothing.
    assert found == [Decimal("365.00"), Decimal("4.06"), Decimal("0.00")]


def test_scores_count_who_is_strictly_worse(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    customers = [rows.customer(tenant) for _ in range(5)]
    rows.customer(tenant)
    for number, customer in enumerate(customers):
        rows.order(customer, f"2024-06-0{number + 1} 12:00:00", "10.00")
    rows.order(customers[4], "2024-06-05 13:00:00", "10.00")
    rows.order(rows.customer(rows.tenant("other")), "2024-06-30 00:00:00", "500.00")
    found = lifetimes(shop)
    scores = ("recency_score", "frequency_score", "monetary_score", "rfm_segment")
    assert [cells(found[customer], *scores) for customer in customers] == [
        (1, 1, 1, "hibernating"),
        (2, 1, 1, "hibernating"),
        (3, 1, 1, "needs_attention"),
        (4, 1, 1, "promising"),
        (5, 5, 5, "champions"),
    ]


def test_recency_is_compared_by_day(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    for moment in ("2024-06-01 00:00:00", "2024-06-01 23:59:59"):
        rows.order(rows.customer(tenant), moment)
    assert [row["recency_score"] for row in lifetimes(shop).values()] == [1, 1]


def test_a_cohort_through_its_months(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann, bob, cat = (rows.customer(tenant) for _ in range(3))
    rows.order(ann, "2024-01-01 00:00:00", "10.00")
    rows.order(ann, "2024-01-31 23:59:59.999999", "5.00")
    rows.order(bob, "2024-01-15 00:00:00", "10.01")
    rows.order(bob, "2024-03-01 00:00:00", "1.00", tax="0.50")
    rows.order(bob, "2024-02-10 00:00:00", status="cancelled")
    rows.order(cat, "2024-02-01 00:00:00", "7.00")
    rows.order(cat, "2024-03-21 00:00:00", "7.00")
    found = cohorts(shop, date(2024, 3, 20))
    columns = ("cohort_size", "active_customers", "retention_rate", "cumulative_retention")
    assert [(r["cohort_month"].month, r["month_number"], *cells(r, *columns)) for r in found] == [
        (1, 0, 2, 2, 1.0, 1.0),
        (1, 1, 2, 0, 0.0, 0.5),
        (1, 2, 2, 1, 0.5, 0.5),
        (2, 0, 1, 1, 1.0, 1.0),
        (2, 1, 1, 0, 0.0, 0.0),
    ]
    assert found[2] == {
        "tenant_id": tenant,
        "cohort_month": date(2024, 1, 1),
        "month_number": 2,
        "cohort_size": 2,
        "active_customers": 1,
        "retention_rate": 0.5,
        "cumulative_retention": 0.5,
        "revenue": Decimal("1.50"),
        "cumulative_revenue_per_customer": Decimal("13.26"),
    }


def test_cohorts_of_two_tenants_are_apart_and_cross_years(shop: str, rows: ShopRows) -> None:
    for name in ("acme", "other"):
        rows.order(rows.customer(rows.tenant(name)), "2023-12-31 23:59:59.999999")
    found = cohorts(shop, date(2024, 1, 1))
    assert [cells(r, "month_number", "cohort_size", "retention_rate") for r in found] == [
        (0, 1, 1.0),
        (1, 1, 0.0),
    ] * 2
