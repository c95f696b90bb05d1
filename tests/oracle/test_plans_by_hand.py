"""plan_distribution against numbers worked out by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.oracle import expected
from tests.oracle.shop_rows import ShopRows

pytestmark = pytest.mark.postgres


def plans(dsn: str, as_of: str) -> list[dict[str, Any]]:
    return expected(dsn, "plan_distribution", as_of_date=date.fromisoformat(as_of))


def cells(found: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in found]


def test_all_columns(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann, bob = rows.customer(tenant), rows.customer(tenant)
    rows.subscription(ann, "2024-01-31", amount="10.00", plan="pro")
    rows.subscription(ann, "2024-01-01", amount="5.01", plan="pro", status="cancelled")
    rows.subscription(bob, "2024-01-01", amount="14.99", plan="pro", cycle="yearly")
    rows.subscription(bob, "2024-01-01", amount="99.00", plan="pro", status="trial")
    assert plans(shop, "2024-01-31") == [
        {
            "tenant_id": tenant,
            "month": date(2024, 1, 1),
            "plan_name": "pro",
            "billing_cycle": "monthly",
            "subscriptions": 2,
            "customers": 1,
            "mrr": Decimal("15.01"),
            "mrr_share": pytest.approx(15.01 / 30, rel=1e-12),
        },
        {
            "tenant_id": tenant,
            "month": date(2024, 1, 1),
            "plan_name": "pro",
            "billing_cycle": "yearly",
            "subscriptions": 1,
            "customers": 1,
            "mrr": Decimal("14.99"),
            "mrr_share": pytest.approx(14.99 / 30, rel=1e-12),
        },
    ]


def test_a_plan_is_counted_at_month_ends_and_the_last_month_at_the_as_of_date(
    shop: str, rows: ShopRows
) -> None:
    ann = rows.customer(rows.tenant())
    rows.subscription(ann, "2024-01-31", "2024-02-29", amount="1.00", plan="leap")
    rows.subscription(ann, "2024-02-02", "2024-02-28", amount="1.00", plan="short")
    rows.subscription(ann, "2024-03-15", "2024-03-21", amount="1.00", plan="now")
    rows.subscription(ann, "2024-03-21", amount="1.00", plan="soon")
    found = cells(plans(shop, "2024-03-20"), "month", "plan_name")
    assert found == [(date(2024, 1, 1), "leap"), (date(2024, 3, 1), "now")]


def test_shares_are_of_the_tenant_and_null_where_nothing_is_paid(shop: str, rows: ShopRows) -> None:
    ann, eve = rows.customer(rows.tenant()), rows.customer(rows.tenant("other"))
    rows.subscription(ann, "2024-01-01", amount="1.00")
    rows.subscription(eve, "2024-01-01", amount="0.00", plan="free")
    assert cells(plans(shop, "2024-01-31"), "plan_name", "mrr_share") == [
        ("basic", 1.0),
        ("free", None),
    ]
