from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from tests.integration.dbt.by_hand import BUSY, CUP, EMPTY, GONE, PEN

pytestmark = pytest.mark.dbt
D = Decimal


def rows(gold: duckdb.DuckDBPyConnection, query: str) -> list:
    return gold.execute(query).fetchall()


def test_an_order_belongs_to_its_utc_day_wherever_the_machine_stands(gold):
    found = rows(
        gold,
        """
        select dt, order_count, total_revenue, tax, discounts, cancelled_value
        from revenue_metrics where order_count + cancelled_order_count > 0 order by dt
        """,
    )
    assert found == [
        (date(2025, 12, 31), 1, D("7.00"), D(0), D(0), D(0)),
        (date(2026, 3, 1), 1, D("11.00"), D("1.00"), D("2.00"), D(0)),
        (date(2026, 3, 2), 1, D("0.01"), D(0), D(0), D("7.00")),
    ]


def test_revenue_has_a_row_for_every_day_from_the_first_order_to_today(gold):
    found = rows(gold, "select count(*), min(dt), max(dt) from revenue_metrics")
    assert found == [(91, date(2025, 12, 31), date(2026, 3, 31))]


def test_month_to_date_and_weekly_mean_count_missing_days_as_zero(gold):
    found = rows(
        gold,
        """
        select dt, revenue_mtd, revenue_7d_avg from revenue_metrics
        where dt in (date '2026-03-02', date '2026-03-08', date '2026-03-09') order by dt
        """,
    )
    assert found == [
        (date(2026, 3, 2), D("11.01"), D("1.57")),
        (date(2026, 3, 8), D("11.01"), D("0.00")),
        (date(2026, 3, 9), D("11.01"), D("0.00")),
    ]


def test_a_customer_churns_on_the_ninetieth_day_after_the_last_order(gold):
    found = rows(
        gold,
        """
        select dt, ordering_customers, churned_customers, repeat_customers, active_customers_30d,
            churn_rate, avg_ltv
        from customer_metrics where dt >= date '2026-03-30' order by dt
        """,
    )
    assert found == [
        (date(2026, 3, 30), 2, 0, 1, 1, 0.0, D("9.01")),
        (date(2026, 3, 31), 2, 1, 1, 1, 0.5, D("9.01")),
    ]


def test_the_snapshot_starts_with_the_first_customer_and_knows_older_orders(gold):
    found = rows(
        gold,
        """
        select dt, total_customers, new_customers, new_customers_30d, active_customers_30d
        from customer_metrics
        where dt in (date '2026-01-01', date '2026-01-30', date '2026-01-31', date '2026-03-31')
        order by dt
        """,
    )
    assert rows(gold, "select min(dt) from customer_metrics") == [(date(2026, 1, 1),)]
    assert found == [
        (date(2026, 1, 1), 2, 2, 2, 1),
        (date(2026, 1, 30), 2, 0, 2, 0),
        (date(2026, 1, 31), 2, 0, 0, 0),
        (date(2026, 3, 31), 3, 1, 1, 1),
    ]


def test_a_deleted_product_has_sales_but_no_performance(gold):
    sales = rows(gold, "select product_id, dt, net_sales, cost from product_sales order by dt")
    performance = rows(gold, "select product_id from product_performance order by product_id")
    assert sales == [
        (CUP, date(2025, 12, 31), D("5.00"), D("2.50")),
        (CUP, date(2026, 3, 1), D("10.00"), D("7.50")),
        (GONE, date(2026, 3, 2), D("0.01"), None),
    ]
    assert performance == [(CUP,), (PEN,)]


def test_turnover_takes_ninety_days_and_never_divides_by_zero(gold):
    found = rows(
        gold,
        """
        select product_id, units_sold, revenue, gross_profit, rank_in_tenant,
            round(inventory_turnover, 6), round(days_of_inventory, 6), sell_through_rate
        from product_performance order by product_id
        """,
    )
    assert found == [
        (CUP, 4, D("15.00"), D("5.00"), 1, round(7.5 * 365 / 90 / 10, 6), 120.0, 0.5),
        (PEN, 0, D("0.00"), D("0.00"), 2, None, None, None),
    ]


def test_mrr_tells_churn_reactivation_and_a_second_subscription_apart(gold):
    found = rows(
        gold,
        """
        select month, starting_mrr, new_mrr, expansion_mrr, churned_mrr, reactivation_mrr,
            ending_mrr, paying_customers, customer_churn_rate, nrr
        from mrr_metrics order by month
        """,
    )
    assert found == [
        (date(2026, 1, 1), D(0), D(30), D(0), D(0), D(0), D(30), 1, None, None),
        # Bob pays 12 until the first instant of March, which is no longer February.
        (date(2026, 2, 1), D(30), D(12), D(0), D(30), D(0), D(12), 1, 1.0, 0.0),
        (date(2026, 3, 1), D(12), D(0), D(13), D(0), D(40), D(65), 2, 0.0, 25 / 12),
    ]


def test_plans_add_up_to_mrr_and_trials_pay_nothing(gold):
    found = rows(
        gold,
        """
        select month, subscriptions, customers, mrr, mrr_share
        from plan_distribution order by month
        """,
    )
    assert found == [
        (date(2026, 1, 1), 1, 1, D(30), 1.0),
        (date(2026, 2, 1), 1, 1, D(12), 1.0),
        (date(2026, 3, 1), 3, 2, D(65), 1.0),
    ]
    in_force = rows(
        gold,
        """
        select month, measured_on, is_paying, mrr
        from fct_subscription_months where subscription_status = 'trial'
        """,
    )
    assert in_force == [(date(2026, 3, 1), date(2026, 3, 31), False, D(0))]


def test_payments_are_judged_and_aged(gold):
    found = rows(
        gold,
        """
        select month, invoice_count, paid_amount, payment_success_rate, avg_days_to_pay,
            on_time_rate, aging_0_30, aging_31_60, cancelled_amount
        from payment_metrics
        """,
    )
    assert found == [(date(2026, 2, 1), 4, D(30), 2 / 3, 10.5, 0.5, D(0), D(40), D(80))]


def test_events_are_counted_in_their_hour_and_sessions_where_they_start(gold):
    found = rows(
        gold,
        """
        select hour, page_views, purchases, sessions_started, sessions_reaching_page_view,
            sessions_reaching_purchase, overall_conversion_rate
        from funnel_metrics order by hour
        """,
    )
    # The purchase at ten follows a page view, but nothing in between.
    assert found == [
        (datetime(2026, 3, 2, 9), 1, 0, 1, 1, 0, 0.0),
        (datetime(2026, 3, 2, 10), 0, 1, 0, 0, 0, None),
        (datetime(2026, 3, 30, 23), 1, 0, 1, 1, 0, 0.0),
        (datetime(2026, 3, 31, 0), 2, 0, 1, 1, 0, 0.0),
    ]


def test_every_live_tenant_has_a_summary(gold):
    found = rows(
        gold,
        """
        select tenant_id, customer_count, active_customers_30d, order_count,
            completed_order_count, total_revenue, avg_order_value, mrr, arr, outstanding_amount,
            last_order_at
        from tenant_summary order by tenant_id
        """,
    )
    last = datetime(2026, 3, 2, 10)
    assert found == [
        (BUSY, 3, 1, 4, 3, D("18.01"), D("6.00"), D(65), D(780), D(40), last),
        (EMPTY, 0, 0, 0, 0, D(0), None, D(0), D(0), D(0), None),
    ]


def test_personal_data_stays_in_silver(gold):
    found = rows(
        gold,
        """
        select table_name, column_name from information_schema.columns
        where table_schema in ('lakehouse_staging', 'lakehouse_gold')
            and column_name in ('email', 'phone', 'first_name', 'last_name', 'ip_address',
                'user_agent', 'metadata')
        """,
    )
    assert found == []
