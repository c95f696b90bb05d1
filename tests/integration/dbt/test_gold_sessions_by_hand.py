"""The marts of sessions, built from the Silver made by hand."""

from datetime import date, datetime

import pytest

from tests.integration.dbt.by_hand import ANN, BOB, CAT

pytestmark = pytest.mark.dbt


def test_a_session_is_split_by_half_an_hour_and_leaves_deleted_events_out(gold):
    found = gold.execute(
        """
        select session_id, started_at, duration_seconds, event_count, customer_id, path
        from fct_sessions order by session_id, started_at
        """
    ).fetchall()
    way = "page_view > purchase"
    assert found == [
        ("s", datetime(2026, 3, 2, 9, 59, 59, 999999), 0.000001, 2, None, way),
        ("visit", datetime(2026, 3, 30, 23, 50), 1800, 3, ANN, "page_view > search > page_view"),
        ("visit", datetime(2026, 3, 31, 0, 50, 0, 1), 0, 1, None, "page_view"),
    ]


def test_sessions_are_measured_on_the_day_on_which_they_began(gold):
    found = gold.execute(
        """
        select dt, sessions, anonymous_share, median_duration_seconds, pages_per_session,
            bounce_rate, conversion_rate
        from session_metrics order by dt
        """
    ).fetchall()
    assert found == [
        (date(2026, 3, 2), 1, 1.0, 0.000001, 1.0, 0.0, 1.0),
        (date(2026, 3, 30), 1, 0.0, 1800.0, 2.0, 0.0, 0.0),
        (date(2026, 3, 31), 1, 1.0, 0.0, 1.0, 1.0, 0.0),
    ]


def test_journeys_share_the_sessions(gold):
    found = gold.execute(
        "select path, sessions, round(share, 6), conversion_rate from user_journeys order by path"
    ).fetchall()
    assert found == [
        ("page_view", 1, 0.333333, 0.0),
        ("page_view > purchase", 1, 0.333333, 1.0),
        ("page_view > search > page_view", 1, 0.333333, 0.0),
    ]


def test_engagement_follows_the_sessions_of_thirty_days(gold):
    found = gold.execute(
        """
        select customer_id, sessions_30d, events_30d, recency_score, frequency_score, depth_score,
            engagement_score, engagement_tier
        from customer_engagement order by customer_id
        """
    ).fetchall()
    # Ann: 0.4 x 96 + 0.4 x 10 + 0.2 x 30
    assert found == [
        (ANN, 1, 3, 96, 10, 30, 48, "medium"),
        (BOB, 0, 0, 0, 0, 0, 0, "inactive"),
        (CAT, 0, 0, 0, 0, 0, 0, "inactive"),
    ]
