"""session_metrics, user_journeys and customer_engagement against numbers worked out by hand."""

from datetime import date
from typing import Any

import pytest

from tests.oracle.oracle import expected
from tests.oracle.shop_rows import ShopRows

pytestmark = pytest.mark.postgres

AS_OF = date(2024, 6, 30)
VIEW, SEARCH, CART, CHECKOUT, BUY = "page_view", "search", "add_to_cart", "checkout", "purchase"


def days(dsn: str) -> list[dict[str, Any]]:
    return expected(dsn, "session_metrics", as_of_date=AS_OF)


def journeys(dsn: str) -> dict[str, dict[str, Any]]:
    """The mart of a database with one tenant, by path."""
    return {row["path"]: row for row in expected(dsn, "user_journeys", as_of_date=AS_OF)}


def engagement(dsn: str) -> dict[str, dict[str, Any]]:
    rows = expected(dsn, "customer_engagement", as_of_date=AS_OF)
    return {row["customer_id"]: row for row in rows}


def cells(row: dict[str, Any], *columns: str) -> tuple[Any, ...]:
    return tuple(row[column] for column in columns)


def test_all_columns_of_a_day(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant)
    rows.event(tenant, VIEW, "2024-06-01 10:00:00.900000", session="a")
    rows.event(tenant, CART, "2024-06-01 10:00:05", session="a", customer=ann)
    rows.event(tenant, CHECKOUT, "2024-06-01 10:00:10.100000", session="a")
    rows.event(tenant, VIEW, "2024-06-01 11:00:00", session="b", customer=ann)
    rows.event(tenant, CART, "2024-06-01 11:00:20", session="b", customer=ann)
    rows.event(tenant, BUY, "2024-06-01 11:00:30", session="b", customer=ann)
    rows.event(tenant, VIEW, "2024-06-01 12:00:00", session="c")
    rows.event(tenant, SEARCH, "2024-06-01 12:00:00", session="d")
    assert days(shop) == [
        {
            "tenant_id": tenant,
            "dt": date(2024, 6, 1),
            "sessions": 4,
            "unique_visitors": 3,
            "anonymous_share": 0.5,
            "avg_duration_seconds": 9.8,
            "median_duration_seconds": 4.6,
            "pages_per_session": 0.75,
            "bounce_rate": 0.25,
            "conversion_rate": 0.25,
            "carts_created": 2,
            "cart_abandonment_rate": 0.5,
            "checkout_abandonment_rate": 1.0,
        }
    ]


def test_more_than_thirty_minutes_begin_another_session(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    rows.event(tenant, VIEW, "2024-06-01 10:00:00")
    rows.event(tenant, VIEW, "2024-06-01 10:30:00")
    rows.event(tenant, VIEW, "2024-06-01 11:00:00.000001")
    rows.event(rows.tenant("other"), VIEW, "2024-06-01 10:15:00")
    found = [cells(row, "sessions", "bounce_rate", "pages_per_session") for row in days(shop)]
    assert found == [(2, 0.5, 1.5), (1, 1.0, 1.0)]


def test_a_session_counts_whole_on_the_day_on_which_it_began(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    rows.event(tenant, VIEW, "2024-06-30 23:59:59.999999", session="a")
    rows.event(tenant, BUY, "2024-07-01 00:10:00", session="a")
    rows.event(tenant, VIEW, "2024-07-01 00:00:00", session="b")
    [day] = days(shop)
    assert cells(day, "dt", "sessions", "conversion_rate") == (AS_OF, 1, 1.0)
    assert day["avg_duration_seconds"] == 600.000001


def test_rates_of_carts_are_null_without_carts(shop: str, rows: ShopRows) -> None:
    rows.event(rows.tenant(), BUY, "2024-06-01 10:00:00")
    [day] = days(shop)
    rates = ("carts_created", "cart_abandonment_rate", "checkout_abandonment_rate")
    assert cells(day, *rates) == (0, None, None)


def test_the_visitor_is_who_was_logged_in_last(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann, bob = rows.customer(tenant), rows.customer(tenant)
    rows.event(tenant, VIEW, "2024-06-30 10:00:00", customer=ann)
    rows.event(tenant, VIEW, "2024-06-30 10:01:00", customer=bob)
    rows.event(tenant, VIEW, "2024-06-30 10:02:00")
    found = engagement(shop)
    assert [found[customer]["sessions_30d"] for customer in (ann, bob)] == [0, 1]


def test_a_path_has_at_most_eight_steps_without_repeats(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    kinds = [VIEW, VIEW, *[SEARCH, VIEW] * 4, BUY]
    for second, kind in enumerate(kinds):
        rows.event(tenant, kind, f"2024-06-01 10:00:{second:02d}", session="long")
    rows.event(tenant, VIEW, "2024-06-02 10:00:00", session="short")
    found = journeys(shop)
    long = " > ".join([VIEW, SEARCH] * 4)
    columns = ("sessions", "share", "conversion_rate", "avg_duration_seconds")
    assert {path: cells(row, *columns) for path, row in found.items()} == {
        long: (1, 0.5, 1.0, 10.0),
        VIEW: (1, 0.5, 0.0, 0.0),
    }


def test_events_of_one_instant_are_ordered_by_id(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    for kind in (SEARCH, VIEW, SEARCH):
        rows.event(tenant, kind, "2024-06-01 10:00:00")
    assert list(journeys(shop)) == [f"{SEARCH} > {VIEW} > {SEARCH}"]


def test_the_fifty_first_path_is_other(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    kinds = (SEARCH, CART, VIEW, CHECKOUT, "click", "product_view", BUY)
    pairs = [(a, b, c) for a in kinds for b in kinds for c in kinds if a != b and b != c][:52]
    for number, steps in enumerate(pairs):
        for second, kind in enumerate(steps):
            at = f"2024-06-01 10:00:0{second}"
            rows.event(tenant, kind, at, session=f"s{number}")
    found = journeys(shop)
    paths = sorted(" > ".join(steps) for steps in pairs)
    assert set(found) == {*paths[:50], "other"}
    assert found["other"]["sessions"] == 2


def test_all_columns_of_an_engaged_customer(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant)
    rows.event(tenant, VIEW, "2024-05-31 23:59:59", session="old", customer=ann)
    rows.event(tenant, VIEW, "2024-06-01 00:00:00", session="first", customer=ann)
    rows.event(tenant, VIEW, "2024-06-20 10:00:00", session="second", customer=ann)
    rows.event(tenant, BUY, "2024-06-20 10:00:00", session="second", customer=ann)
    assert engagement(shop)[ann] == {
        "tenant_id": tenant,
        "customer_id": ann,
        "sessions_30d": 2,
        "events_30d": 3,
        "purchases_30d": 1,
        "days_since_last_session": 10,
        "recency_score": 66,
        "frequency_score": 20,
        "depth_score": 15,
        # 26.4 + 8 + 3
        "engagement_score": 37,
        "engagement_tier": "medium",
    }


def test_a_customer_without_a_recent_session_is_inactive(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    never, lapsed = rows.customer(tenant), rows.customer(tenant)
    rows.customer(tenant, created="2024-07-01 00:00:00")
    rows.event(tenant, VIEW, "2024-05-31 23:59:59", customer=lapsed)
    found = engagement(shop)
    columns = ("days_since_last_session", "depth_score", "engagement_score", "engagement_tier")
    assert {customer: cells(row, *columns) for customer, row in found.items()} == {
        never: (None, 0, 0, "inactive"),
        lapsed: (30, 0, 0, "inactive"),
    }


def test_the_score_stops_at_one_hundred(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    ann = rows.customer(tenant)
    for hour in range(11):
        for minute in range(11):
            rows.event(tenant, VIEW, f"2024-06-30 {hour:02d}:{minute:02d}:00", customer=ann)
    found = engagement(shop)[ann]
    assert cells(found, "sessions_30d", "engagement_score", "engagement_tier") == (11, 100, "high")
