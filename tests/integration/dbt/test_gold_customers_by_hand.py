"""customer_lifetime and customer_cohorts, built from the Silver made by hand."""

from datetime import date
from decimal import Decimal

import pytest

from tests.integration.dbt.by_hand import ANN, BOB, CAT

pytestmark = pytest.mark.dbt
D = Decimal


def test_customers_are_staged_scored_and_projected(gold):
    found = gold.execute(
        """
        select customer_id, order_count, lifetime_revenue, lifetime_gross_profit,
            days_since_last_order, lifecycle_stage, recency_score, frequency_score, rfm_segment,
            predicted_ltv_12m
        from customer_lifetime order by customer_id
        """
    ).fetchall()
    # Ann: 11.01 in 90 days, 61 of them left; the deleted product adds no profit.
    predicted = D("30.26")
    assert found == [
        (ANN, 2, D("11.01"), D("2.50"), 29, "active", 3, 3, "loyal", predicted),
        (BOB, 1, D(7), D("2.50"), 90, "churned", 1, 1, "hibernating", D(0)),
        (CAT, 0, D(0), D(0), None, "prospect", None, None, None, None),
    ]


def test_every_cohort_has_a_row_for_every_month_since(gold):
    found = gold.execute(
        """
        select cohort_month, month_number, cohort_size, active_customers, cumulative_retention,
            revenue, cumulative_revenue_per_customer
        from customer_cohorts order by cohort_month, month_number
        """
    ).fetchall()
    bob, ann = date(2025, 12, 1), date(2026, 3, 1)
    assert found == [
        (bob, 0, 1, 1, 1.0, D(7), D(7)),
        (bob, 1, 1, 0, 0.0, D(0), D(7)),
        (bob, 2, 1, 0, 0.0, D(0), D(7)),
        (bob, 3, 1, 0, 0.0, D(0), D(7)),
        (ann, 0, 1, 1, 1.0, D("11.01"), D("11.01")),
    ]
