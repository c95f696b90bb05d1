"""tenant_summary and funnel_metrics by hand, and what all marts have in common."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.oracle.oracle import MARTS, SQL, TABLES, expected
from tests.oracle.shop_rows import ShopRows

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

AS_OF = date(2024, 6, 30)
moment = datetime.fromisoformat


def test_there_is_one_query_for_each_table_of_gold() -> None:
    assert {file.stem for file in SQL.glob("*.sql")} == set(TABLES)


def test_an_unknown_mart_is_refused_by_name(shop: str) -> None:
    with pytest.raises(KeyError, match="no mart is called 'revenue'"):
        expected(shop, "revenue", as_of_date=AS_OF)


@pytest.mark.parametrize("mart", MARTS)
def test_an_empty_source_gives_empty_marts(shop: str, mart: str) -> None:
    assert expected(shop, mart, as_of_date=AS_OF) == []


@pytest.mark.parametrize("mart", [mart for mart in MARTS if mart != "tenant_summary"])
def test_a_tenant_with_nothing_is_only_in_the_summary(shop: str, rows: ShopRows, mart: str) -> None:
    rows.tenant()
    assert expected(shop, mart, as_of_date=AS_OF) == []


def test_a_tenant_with_nothing_has_zeros_and_nulls_in_the_summary(
    shop: str, rows: ShopRows
) -> None:
    tenant = rows.tenant("idle", is_active=False)
    assert expected(shop, "tenant_summary", as_of_date=AS_OF) == [
        {
            "tenant_id": tenant,
            "tenant_name": "idle",
            "plan": None,
            "tier": None,
            "is_active": False,
            "customer_count": 0,
            "active_customers_30d": 0,
            "product_count": 0,
            "order_count": 0,
            "completed_order_count": 0,
            "total_revenue": Decimal("0.00"),
            "avg_order_value": None,
            "session_count": 0,
            "active_subscription_count": 0,
            "mrr": Decimal("0.00"),
            "arr": Decimal("0.00"),
            "invoiced_amount": Decimal("0.00"),
            "paid_amount": Decimal("0.00"),
            "outstanding_amount": Decimal("0.00"),
            "first_order_at": None,
            "last_order_at": None,
        }
    ]


def test_the_summary_of_a_busy_tenant(shop: str, rows: ShopRows) -> None:
    tenant, other = rows.tenant(), rows.tenant("other")
    rows.change("core_tenant", tenant, settings='{"plan": "Pro", "tier": "Mid-Market"}')
    for at in ("2024-06-30 22:00:00", "2024-06-30 23:59:00", "2024-07-01 08:00:00"):
        rows.event(tenant, "page_view", at)
    ann, bob, _ = (rows.customer(tenant) for _ in range(3))
    rows.product(tenant)
    # 30 days to 30 June are 1 June to 30 June, both whole days.
    rows.order(ann, "2024-05-31 23:59:59.999999", "10.00", tax="0.01")
    rows.order(bob, "2024-06-01 00:00:00", "10.00")
    rows.order(bob, "2024-06-30 23:59:59.999999", "5.00", shipping="5.00")
    rows.order(ann, "2024-06-10 00:00:00", "70.00", status="pending")
    rows.order(ann, "2024-05-01 08:00:00", "70.00", status="cancelled")
    rows.subscription(ann, "2024-06-30", amount="30.00")
    rows.subscription(bob, "2024-01-01", "2024-07-01", amount="12.50", status="cancelled")
    rows.subscription(bob, "2024-01-01", "2024-06-30", amount="100.00", status="expired")
    rows.subscription(bob, "2024-07-01", amount="1000.00")
    rows.subscription(bob, "2024-01-01", amount="10000.00", status="trial")
    for amount, status in (
        ("1.00", "draft"),
        ("20.00", "sent"),
        ("300.00", "paid"),
        ("4000.00", "overdue"),
        ("50000.00", "cancelled"),
    ):
        rows.invoice(ann, "2024-06-01", amount, status, due="2024-06-30")
    rows.order(rows.customer(other), "2024-07-05 00:00:00", "1.00")

    summary, _ = expected(shop, "tenant_summary", as_of_date=AS_OF)

    assert summary == {
        "tenant_id": tenant,
        "tenant_name": "acme",
        "plan": "pro",
        "tier": "mid_market",
        "is_active": True,
        "customer_count": 3,
        "active_customers_30d": 1,
        "product_count": 1,
        "order_count": 5,
        "completed_order_count": 3,
        "total_revenue": Decimal("30.01"),
        "avg_order_value": Decimal("10.00"),
        "session_count": 2,
        "active_subscription_count": 2,
        "mrr": Decimal("42.50"),
        "arr": Decimal("510.00"),
        "invoiced_amount": Decimal("54321.00"),
        "paid_amount": Decimal("300.00"),
        "outstanding_amount": Decimal("4020.00"),
        "first_order_at": moment("2024-05-01 08:00"),
        "last_order_at": moment("2024-06-30 23:59:59.999999"),
    }


@pytest.mark.parametrize(
    ("ordered_at", "active"),
    [
        ("2024-05-31 23:59:59.999999", 0),
        ("2024-06-01 00:00:00", 1),
        ("2024-06-30 23:59:59.999999", 1),
        ("2024-07-01 00:00:00", 0),
    ],
)
def test_a_customer_is_active_in_the_thirty_whole_days_to_the_as_of_date(
    shop: str, rows: ShopRows, ordered_at: str, active: int
) -> None:
    rows.order(rows.customer(rows.tenant()), ordered_at)
    # A session elsewhere sees the same days.
    for dsn in (shop, f"{shop} options='-c timezone=Asia/Kolkata'"):
        [summary] = expected(dsn, "tenant_summary", as_of_date=AS_OF)
        assert summary["active_customers_30d"] == active


def test_the_average_order_value_is_rounded_half_up(shop: str, rows: ShopRows) -> None:
    ann = rows.customer(rows.tenant())
    rows.order(ann, "2024-06-01 00:00:00", "10.00")
    rows.order(ann, "2024-06-01 00:00:00", "10.01")
    [summary] = expected(shop, "tenant_summary", as_of_date=AS_OF)
    assert summary["avg_order_value"] == Decimal("10.01")  # of 10.005


def test_what_is_dated_after_the_as_of_date_is_in_no_number(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant, "2024-06-30 23:59:59.999999")
    rows.customer(tenant, "2024-07-01 00:00:00")
    rows.order(ann, "2024-06-30 23:59:59.999999", "1.00")
    rows.order(ann, "2024-07-01 00:00:00", "10.00")
    rows.invoice(ann, "2024-06-30", "10.00", "sent", due="2024-07-31")
    rows.invoice(ann, "2024-07-01", "100.00", "sent", due="2024-07-31")
    [summary] = expected(shop, "tenant_summary", as_of_date=AS_OF)
    assert summary["order_count"] == 1
    assert summary["total_revenue"] == Decimal("1.00")
    assert summary["last_order_at"] == moment("2024-06-30 23:59:59.999999")
    assert summary["invoiced_amount"] == summary["outstanding_amount"] == Decimal("10.00")
    assert summary["customer_count"] == 1


def test_events_are_counted_by_type_in_the_utc_hour_they_happened(
    shop: str, rows: ShopRows
) -> None:
    tenant = rows.tenant()
    rows.event(tenant, "page_view", "2024-06-01 10:00:00")
    rows.event(tenant, "page_view", "2024-06-01 10:59:59.999999")
    rows.event(tenant, "product_view", "2024-06-01 10:30:00")
    rows.event(tenant, "add_to_cart", "2024-06-01 10:31:00")
    rows.event(tenant, "checkout", "2024-06-01 11:00:00")
    rows.event(tenant, "purchase", "2024-06-01 11:00:00.000001")
    rows.event(tenant, "search", "2024-06-01 13:00:00")
    rows.event(tenant, "page_view", "2024-06-30 23:59:59.999999")
    rows.event(tenant, "page_view", "2024-07-01 00:00:00")

    funnel = expected(shop, "funnel_metrics", as_of_date=AS_OF)

    steps = ("page_views", "product_views", "add_to_cart", "checkouts", "purchases")
    assert [(row["hour"], *(row[step] for step in steps)) for row in funnel] == [
        (moment("2024-06-01 10:00"), 2, 1, 1, 0, 0),
        (moment("2024-06-01 11:00"), 0, 0, 0, 1, 1),
        (moment("2024-06-01 13:00"), 0, 0, 0, 0, 0),
        (moment("2024-06-30 23:00"), 1, 0, 0, 0, 0),
    ]
    assert list(funnel[0])[:7] == ["tenant_id", "hour", *steps]


def test_a_session_reaches_a_step_only_after_the_one_before(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ways = {
        # Of one instant counts as after; the purchase at the end comes half an hour past ten.
        "whole": "page_view product_view add_to_cart checkout",
        "backwards": "checkout add_to_cart product_view page_view",
        "skips the cart": "page_view product_view checkout purchase",
        "comes back": "add_to_cart page_view product_view search add_to_cart",
    }
    for session, way in ways.items():
        for minute, kind in enumerate(way.split()):
            at = 0 if session == "whole" else minute
            rows.event(tenant, kind, f"2024-06-01 10:{at + 50}:00", session=session)
    rows.event(tenant, "purchase", "2024-06-01 11:20:00", session="whole")

    first, second = expected(shop, "funnel_metrics", as_of_date=AS_OF)

    assert [first[name] for name in first if name.startswith("sessions_")] == [4, 4, 3, 2, 1, 1]
    rates = [first[name] for name in first if name.endswith("_rate")]
    assert rates == pytest.approx([1, 3 / 4, 2 / 3, 1 / 2, 1, 1 / 4])
    assert (second["purchases"], second["sessions_started"]) == (1, 0)
    assert (second["purchase_conversion_rate"], second["overall_conversion_rate"]) == (None, None)


def trade_around_every_border(rows: ShopRows, name: str, price: str) -> None:
    """Half an hour before and after each UTC midnight that a window of AS_OF begins or ends at."""
    tenant = rows.tenant(name)
    book = rows.product(tenant)
    midnights = (
        ("2024-04-01", "2024-04-02"),
        ("2024-05-31", "2024-06-01"),
        ("2024-06-30", "2024-07-01"),
    )
    for before, after in midnights:
        for at in (f"{before} 23:30:00", f"{after} 00:30:00"):
            customer = rows.customer(tenant, at)
            rows.item(rows.order(customer, at, price), book, 1, price, discount="1.00")
            rows.order(customer, at, price, status="cancelled")
            rows.event(tenant, "page_view", at)
            rows.subscription(customer, at[:10], amount=price)
            rows.invoice(customer, at[:10], price, "sent", due=at[:10])


@pytest.mark.parametrize("mart", MARTS)
def test_no_mart_depends_on_the_time_zone_of_the_session(
    shop: str, rows: ShopRows, mart: str
) -> None:
    trade_around_every_border(rows, "acme", "10.00")
    utc = expected(shop, mart, as_of_date=AS_OF)
    assert utc
    for zone in ("Asia/Kolkata", "America/New_York"):
        elsewhere = f"{shop} options='-c timezone={zone}'"
        assert expected(elsewhere, mart, as_of_date=AS_OF) == utc


@pytest.mark.parametrize("mart", MARTS)
def test_the_rows_of_a_tenant_do_not_change_when_another_one_trades(
    shop: str, rows: ShopRows, mart: str
) -> None:
    trade_around_every_border(rows, "acme", "10.00")
    alone = expected(shop, mart, as_of_date=AS_OF)
    rows.order(rows.customer(rows.tenant("earlier"), "2023-12-31 00:00:00"), "2023-12-31 00:00:00")
    trade_around_every_border(rows, "other", "12.00")
    together = expected(shop, mart, as_of_date=AS_OF)
    assert [row for row in together if row["tenant_id"] == alone[0]["tenant_id"]] == alone
    assert len(together) > len(alone)
