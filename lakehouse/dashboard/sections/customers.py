"""Customers: how many, how many come back, and the cohorts' heat map."""

import pandas as pd
import streamlit as st

from lakehouse.dashboard import charts, formats, periods, shapes
from lakehouse.dashboard.question import Question
from lakehouse.dashboard.view import Section, Tables, View, named
from lakehouse.dashboard.widgets import Change, card, chart, figure, ink, nothing

DAYS = Question(
    "customers_by_day",
    "Customers by day",
    """
    select dt, total_customers, new_customers, new_customers_30d, active_customers_30d,
        ordering_customers, repeat_customers, repeat_rate, churned_customers, churn_rate, avg_ltv
    from lakehouse_gold.customer_metrics
    where tenant_id = $tenant
    order by dt
    """,
)
COHORTS = Question(
    "cohorts",
    "Cohorts",
    """
    select cohort_month, month_number, cohort_size, active_customers, retention_rate, revenue,
        cumulative_revenue_per_customer
    from lakehouse_gold.customer_cohorts
    where tenant_id = $tenant
    order by cohort_month, month_number
    """,
)
# What the heat map can show: column and how it is written.
LENSES = {
    "Retention": ("retention_rate", "percent"),
    "Revenue per customer": ("cumulative_revenue_per_customer", "money"),
}
DAYS_BEFORE = 30


def read(view: View) -> Tables:
    """Days up to the reporting date, cohorts' months that were over by then."""
    return named(
        [
            view.table(DAYS, view.days),
            view.table(COHORTS, view.cohorts),
        ]
    )


def active_figure(view: View, frame: pd.DataFrame) -> None:
    """Active customers, and those of 30 days before."""
    _count(view, frame, "active_customers_30d", "Active customers, 30 days")


def show(view: View, tables: Tables) -> None:
    """Figures of the reporting date, the heat map, the course of both counts."""
    frame = tables[DAYS.name].frame
    first, second, third, fourth = st.columns(4)
    with first:
        _count(view, frame, "total_customers", "Customers")
    with second:
        active_figure(view, frame)
    with third:
        _figure(view, frame, "repeat_rate", "Repeat rate", formats.percent)
    with fourth:
        _figure(view, frame, "avg_ltv", "Lifetime revenue a customer", view.money)
    cohorts = tables[COHORTS.name]
    with card("Cohorts", "customers by the month of their first completed order · number: size"):
        if not nothing(cohorts, "No customer had ordered by then."):
            lens = st.segmented_control(
                "Shown",
                list(LENSES),
                default="Retention",
                label_visibility="collapsed",
                required=True,
            )
            column, kind = LENSES[lens]
            drawn = shapes.heat_map(cohorts.frame, column, kind, view.tenant.currency, ink())
            chart(drawn, f"{lens} of each cohort by month")
    with card("Active and churned customers", "by day"):
        if not nothing(tables[DAYS.name], "No customer by then."):
            names = {
                "total_customers": "All",
                "active_customers_30d": "Active, 30 days",
                "churned_customers": "Churned",
            }
            drawn = charts.lines(frame, "dt", names, "count", view.tenant.currency)
            chart(drawn, "Customers, active and churned ones, by day")


def _count(view: View, frame: pd.DataFrame, column: str, label: str) -> None:
    _figure(view, frame, column, label, formats.short_count)


def _figure(view: View, frame: pd.DataFrame, column: str, label: str, write: formats.Write) -> None:
    now = periods.row_of(frame, "dt", view.as_of) or {}
    then = view.as_of - pd.Timedelta(days=DAYS_BEFORE)
    before = periods.row_of(frame, "dt", then) or {}
    figure(
        view,
        "customer_metrics",
        column,
        label,
        write(now.get(column)),
        Change.from_before(now.get(column), before.get(column), write, f"on {then.day} {then:%b}"),
        list(frame[column])[-90:] if len(frame) else None,
    )


SECTION = Section("customers", "Customers", ":material/group:", (DAYS, COHORTS), read, show)
