"""revenue_growth and category_performance, built from the Silver made by hand."""

from datetime import date
from decimal import Decimal

import pytest

pytestmark = pytest.mark.dbt
D = Decimal


def test_growth_from_month_to_month_and_quarter_to_quarter(gold):
    found = gold.execute(
        """
        select month, total_revenue, order_count, avg_order_value, revenue_mom_growth,
            quarter_revenue, revenue_qoq_growth, is_complete_month, is_complete_quarter
        from revenue_growth order by month
        """
    ).fetchall()
    qoq = pytest.approx(4.01 / 7)
    assert found == [
        (date(2025, 12, 1), D(7), 1, D(7), None, D(7), None, False, False),
        (date(2026, 1, 1), D(0), 0, None, -1.0, D("11.01"), qoq, True, True),
        (date(2026, 2, 1), D(0), 0, None, None, D("11.01"), qoq, True, True),
        (date(2026, 3, 1), D("11.01"), 2, D("5.51"), None, D("11.01"), qoq, True, True),
    ]


def test_a_category_goes_on_without_sales_and_deleted_products_are_unknown(gold):
    found = gold.execute(
        """
        select month, category, units_sold, revenue, cost, revenue_mom_growth, rank_in_month
        from category_performance order by month, category
        """
    ).fetchall()
    assert found == [
        (date(2025, 12, 1), "desk", 1, D(5), D("2.50"), None, 1),
        (date(2026, 1, 1), "desk", 0, D(0), D(0), -1.0, 1),
        (date(2026, 2, 1), "desk", 0, D(0), D(0), None, 1),
        (date(2026, 3, 1), "Unknown", 1, D("0.01"), None, None, 2),
        (date(2026, 3, 1), "desk", 3, D(10), D("7.50"), None, 1),
    ]
