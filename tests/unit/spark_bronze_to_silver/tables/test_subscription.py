"""What a subscription brings a month, and when it ended."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.fakes.typed_rows import COMMITTED_AT, cleaned

pytestmark = pytest.mark.spark

START, TODAY = dt.date(2026, 1, 10), COMMITTED_AT.date()


def subscription(status, end=None):
    amount = Decimal("49.00")
    return {"status": status, "start_date": START, "end_date": end, "monthly_amount": amount}


def test_only_an_active_one_brings_revenue_and_an_ended_one_churned(spark, contracts):
    given = [subscription(s) for s in ("active", "trial")]
    given += [subscription(s, TODAY) for s in ("cancelled", "expired")]
    rows = cleaned(spark, contracts["subscription"], *given)
    assert [r.mrr for r in rows] == [Decimal("49.00"), Decimal(0), Decimal(0), Decimal(0)]
    assert [(r.is_churn_event, r.churned_on) for r in rows] == [
        *((False, None), (False, None)),
        *((True, TODAY), (True, TODAY)),
    ]
    assert all(r.dq_issues == [] for r in rows)


def test_dates_that_contradict_are_flagged(spark, contracts):
    day = dt.timedelta(days=1)
    ends = {"cancelled": START - day, "active": TODAY - day}
    before, past, today = cleaned(
        spark,
        contracts["subscription"],
        *[subscription(status, end) for status, end in ends.items()],
        subscription("active", TODAY),
    )
    assert before.dq_issues == ["end_before_start"]
    assert past.dq_issues == ["active_with_past_end"]
    assert today.dq_issues == []
