"""mrr_metrics against numbers worked out by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.audit import Audit
from tests.oracle.oracle import expected
from tests.oracle.shop_rows import ShopRows

pytestmark = pytest.mark.postgres

MOVEMENTS = (
    "starting_mrr",
    "new_mrr",
    "expansion_mrr",
    "contraction_mrr",
    "churned_mrr",
    "reactivation_mrr",
    "ending_mrr",
)


@pytest.fixture
def ann(rows: ShopRows) -> str:
    """A customer of the only tenant."""
    return rows.customer(rows.tenant())


def months(dsn: str, as_of: str) -> dict[str, dict[str, Any]]:
    """The mart of a database with one tenant, by month as "2024-01"."""
    found = expected(dsn, "mrr_metrics", as_of_date=date.fromisoformat(as_of))
    assert all(row["month"].day == 1 for row in found)
    return {row["month"].isoformat()[:7]: row for row in found}


def movements(dsn: str, as_of: str) -> dict[str, tuple[int, ...]]:
    """Per month: starting, new, expansion, contraction, churned, reactivation, ending MRR."""
    return {
        month: tuple(int(row[name]) for name in MOVEMENTS)
        for month, row in months(dsn, as_of).items()
    }


def test_all_columns_of_a_first_and_a_second_month(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann, bob = rows.customer(tenant), rows.customer(tenant)
    rows.subscription(ann, "2024-01-15", amount="100.00")
    rows.subscription(bob, "2024-02-01", amount="50.01")
    none = Decimal("0.00")
    first, second = months(shop, "2024-02-10").values()
    assert first == {
        "tenant_id": tenant,
        "month": date(2024, 1, 1),
        "starting_mrr": none,
        "new_mrr": Decimal("100.00"),
        "expansion_mrr": none,
        "contraction_mrr": none,
        "churned_mrr": none,
        "reactivation_mrr": none,
        "ending_mrr": Decimal("100.00"),
        "arr": Decimal("1200.00"),
        "paying_customers": 1,
        "new_customers": 1,
        "churned_customers": 0,
        "customer_churn_rate": None,
        "gross_mrr_churn_rate": None,
        "net_mrr_churn_rate": None,
        "nrr": None,
        "grr": None,
        "arpa": Decimal("100.00"),
    }
    assert second == {
        "tenant_id": tenant,
        "month": date(2024, 2, 1),
        "starting_mrr": Decimal("100.00"),
        "new_mrr": Decimal("50.01"),
        "expansion_mrr": none,
        "contraction_mrr": none,
        "churned_mrr": none,
        "reactivation_mrr": none,
        "ending_mrr": Decimal("150.01"),
        "arr": Decimal("1800.12"),
        "paying_customers": 2,
        "new_customers": 1,
        "churned_customers": 0,
        "customer_churn_rate": 0.0,
        "gross_mrr_churn_rate": 0.0,
        "net_mrr_churn_rate": 0.0,
        "nrr": 1.0,
        "grr": 1.0,
        "arpa": Decimal("75.01"),  # of 75.005
    }


def test_rates_are_of_the_month_s_start(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann, bob, cat, dan = (rows.customer(tenant) for _ in range(4))
    rows.subscription(ann, "2024-01-01", "2024-02-10", amount="100.00")
    rows.subscription(bob, "2024-01-01", "2024-02-10", amount="60.00")
    rows.subscription(bob, "2024-02-10", amount="40.00")
    rows.subscription(cat, "2024-01-01", amount="40.00")
    rows.subscription(cat, "2024-02-05", amount="50.00")
    rows.subscription(dan, "2024-02-05", amount="7.00")
    february = months(shop, "2024-02-29")["2024-02"]
    assert movements(shop, "2024-02-29")["2024-02"] == (200, 7, 50, 20, 100, 0, 137)
    rates = ("customer_churn_rate", "gross_mrr_churn_rate", "net_mrr_churn_rate", "nrr", "grr")
    assert [february[rate] for rate in rates] == pytest.approx([1 / 3, 0.6, 0.35, 0.65, 0.4])
    counts = ("paying_customers", "new_customers", "churned_customers")
    assert [february[count] for count in counts] == [3, 1, 1]


def test_a_customer_who_churns_and_comes_back_is_reactivated_not_new(
    shop: str, rows: ShopRows, ann: str
) -> None:
    rows.subscription(ann, "2024-01-10", "2024-03-05", amount="100.00", status="cancelled")
    rows.subscription(ann, "2024-05-20", amount="80.00")
    found = months(shop, "2024-06-15")
    assert movements(shop, "2024-06-15") == {
        "2024-01": (0, 100, 0, 0, 0, 0, 100),
        "2024-02": (100, 0, 0, 0, 0, 0, 100),
        "2024-03": (100, 0, 0, 0, 100, 0, 0),
        "2024-04": (0, 0, 0, 0, 0, 0, 0),
        "2024-05": (0, 0, 0, 0, 0, 80, 80),
        "2024-06": (80, 0, 0, 0, 0, 0, 80),
    }
    assert (found["2024-03"]["churned_customers"], found["2024-03"]["nrr"]) == (1, 0.0)
    assert found["2024-03"]["customer_churn_rate"] == 1.0
    assert (found["2024-04"]["arpa"], found["2024-04"]["customer_churn_rate"]) == (None, None)
    assert (found["2024-05"]["new_customers"], found["2024-05"]["paying_customers"]) == (0, 1)


def test_one_of_several_subscriptions_cancelled_is_contraction_not_churn(
    shop: str, rows: ShopRows, ann: str
) -> None:
    rows.subscription(ann, "2024-01-01", amount="100.00")
    rows.subscription(ann, "2024-01-01", "2024-02-10", amount="30.00", status="cancelled")
    february = months(shop, "2024-02-29")["2024-02"]
    assert movements(shop, "2024-02-29")["2024-02"] == (130, 0, 0, 30, 0, 0, 100)
    assert (february["churned_customers"], february["paying_customers"]) == (0, 1)


def test_a_second_subscription_and_a_dearer_plan_are_expansion(
    shop: str, rows: ShopRows, ann: str
) -> None:
    rows.subscription(ann, "2024-01-01", "2024-02-10", amount="100.00", status="expired")
    rows.subscription(ann, "2024-02-10", amount="150.00")
    rows.subscription(ann, "2024-03-01", amount="5.00")
    assert movements(shop, "2024-03-31") == {
        "2024-01": (0, 100, 0, 0, 0, 0, 100),
        "2024-02": (100, 0, 50, 0, 0, 0, 150),
        "2024-03": (150, 0, 5, 0, 0, 0, 155),
    }


def test_a_pause_inside_a_month_is_no_movement(shop: str, rows: ShopRows, ann: str) -> None:
    rows.subscription(ann, "2024-01-01", "2024-02-05", amount="10.00")
    rows.subscription(ann, "2024-02-20", amount="10.00")
    assert movements(shop, "2024-02-29")["2024-02"] == (10, 0, 0, 0, 0, 0, 10)


def test_a_subscription_counts_from_its_first_day_until_the_day_before_its_end(
    shop: str, rows: ShopRows, ann: str
) -> None:
    rows.subscription(ann, "2024-01-31", "2024-02-29", amount="1.00")
    rows.subscription(ann, "2024-02-01", "2024-03-01", amount="20.00")
    assert movements(shop, "2024-03-31") == {
        "2024-01": (0, 1, 0, 0, 0, 0, 1),
        "2024-02": (1, 0, 19, 0, 0, 0, 20),
        "2024-03": (20, 0, 0, 0, 20, 0, 0),
    }


def test_the_current_month_is_measured_on_the_as_of_date(
    shop: str, rows: ShopRows, ann: str
) -> None:
    rows.subscription(ann, "2024-01-01", "2024-02-16", amount="1.00")
    rows.subscription(ann, "2024-01-01", "2024-02-15", amount="20.00")
    rows.subscription(ann, "2024-02-15", amount="300.00")
    rows.subscription(ann, "2024-02-16", amount="4000.00")
    assert movements(shop, "2024-02-15")["2024-02"][-1] == 301


@pytest.mark.parametrize(
    ("start", "end", "amount", "status", "movement"),
    [
        ("2024-01-31", "2024-02-01", "10.00", "cancelled", "reactivation_mrr"),
        ("2024-01-05", "2024-01-31", "10.00", "cancelled", "new_mrr"),
        ("2024-02-01", "2024-02-20", "10.00", "cancelled", "new_mrr"),
        ("2024-01-05", "2024-02-10", "0.00", "cancelled", "new_mrr"),
        ("2024-01-05", "2024-02-10", "10.00", "trial", "new_mrr"),
    ],
)
def test_only_who_was_paying_at_an_earlier_month_end_comes_back(
    shop: str,
    rows: ShopRows,
    ann: str,
    start: str,
    end: str,
    amount: str,
    status: str,
    movement: str,
) -> None:
    rows.subscription(ann, start, end, amount=amount, status=status)
    rows.subscription(ann, "2024-04-15", amount="70.00")
    april = months(shop, "2024-04-30")["2024-04"]
    assert april["new_customers"] == (movement == "new_mrr")
    assert {name for name in MOVEMENTS[:-1] if april[name]} == {movement}


def test_a_trial_has_no_mrr_until_it_becomes_active(shop: str, rows: ShopRows, ann: str) -> None:
    trial = rows.subscription(ann, "2024-01-20", amount="10.00", status="trial")
    assert movements(shop, "2024-02-15") == {
        "2024-01": (0, 0, 0, 0, 0, 0, 0),
        "2024-02": (0, 0, 0, 0, 0, 0, 0),
    }
    rows.change("core_subscription", trial, status="active")
    # Without an audit the present status applies backwards to the first day.
    assert movements(shop, "2024-02-15")["2024-01"] == (0, 10, 0, 0, 0, 0, 10)


def test_a_changed_price_and_status_leave_past_months_alone(
    shop: str, rows: ShopRows, ann: str, audit: Audit
) -> None:
    priced = rows.subscription(ann, "2024-01-01", amount="10.00", plan="small")
    trial = rows.subscription(ann, "2024-01-01", amount="100.00", status="trial")
    audit.begins("2024-02-20 00:00:00")
    rows.change("core_subscription", priced, monthly_amount="30.00", plan_name="large")
    audit.was_changed("2024-03-31 23:59:59.999999")
    rows.change("core_subscription", trial, status="active")
    audit.was_changed("2024-04-01 00:00:00")
    assert movements(shop, "2024-04-10") == {
        "2024-01": (0, 10, 0, 0, 0, 0, 10),
        "2024-02": (10, 0, 0, 0, 0, 0, 10),
        "2024-03": (10, 0, 20, 0, 0, 0, 30),
        "2024-04": (30, 0, 100, 0, 0, 0, 130),
    }
    plans = expected(shop, "plan_distribution", as_of_date=date(2024, 3, 31))
    assert [row["plan_name"] for row in plans] == ["small", "small", "large"]
    (then,) = expected(shop, "tenant_summary", as_of_date=date(2024, 3, 30))
    assert then["mrr"] == Decimal("10.00")


def test_what_one_transaction_replaced_never_held(
    shop: str, rows: ShopRows, ann: str, audit: Audit
) -> None:
    audit.begins("2024-01-01 00:00:00")
    with rows.transaction():
        replaced = rows.subscription(ann, "2024-01-01", amount="10.00")
        rows.change("core_subscription", replaced, monthly_amount="20.00")
    audit.was_changed("2024-02-10 00:00:00")
    assert movements(shop, "2024-02-15")["2024-01"] == (0, 20, 0, 0, 0, 0, 20)


def test_a_free_subscription_pays_nothing_and_its_customer_is_not_paying(
    shop: str, rows: ShopRows, ann: str
) -> None:
    rows.subscription(ann, "2024-01-01", amount="0.00")
    january = months(shop, "2024-01-31")["2024-01"]
    assert (january["paying_customers"], january["new_customers"], january["arpa"]) == (0, 0, None)


def test_movements_of_customers_do_not_cancel_each_other_out(
    shop: str, rows: ShopRows, ann: str
) -> None:
    bob = rows.customer(rows.tenant("other"))
    rows.subscription(bob, "2024-02-01", amount="100.00")
    rows.subscription(ann, "2024-01-01", "2024-02-01", amount="100.00")
    found = expected(shop, "mrr_metrics", as_of_date=date(2024, 2, 29))
    assert [tuple(int(row[name]) for name in MOVEMENTS) for row in found] == [
        (0, 100, 0, 0, 0, 0, 100),
        (100, 0, 0, 0, 100, 0, 0),
        (0, 100, 0, 0, 0, 0, 100),
    ]
