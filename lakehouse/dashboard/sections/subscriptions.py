"""Subscriptions: monthly recurring revenue, what moved it, and the plans behind it."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from lakehouse.dashboard import charts, formats, periods, shapes, theme
from lakehouse.dashboard.question import Question
from lakehouse.dashboard.view import Section, Table, Tables, View, named
from lakehouse.dashboard.widgets import card, chart, grid, last_month_figure, nothing

MONTHS = Question(
    "mrr_by_month",
    "MRR by month",
    """
    select month, starting_mrr, new_mrr, expansion_mrr, reactivation_mrr, contraction_mrr,
        churned_mrr, ending_mrr, arr, paying_customers, new_customers, churned_customers,
        customer_churn_rate, gross_mrr_churn_rate, net_mrr_churn_rate, nrr, grr, arpa
    from lakehouse_gold.mrr_metrics
    where tenant_id = $tenant
    order by month
    """,
)
PLANS = Question(
    "mrr_by_plan",
    "MRR by plan",
    """
    select month, plan_name, billing_cycle, subscriptions, customers, mrr, mrr_share
    from lakehouse_gold.plan_distribution
    where tenant_id = $tenant
    order by month, mrr desc, plan_name, billing_cycle
    """,
)
# Movements of a month in the order of the waterfall, with their sign.
MOVEMENTS = {
    "new_mrr": ("New", 1),
    "expansion_mrr": ("Expansion", 1),
    "reactivation_mrr": ("Reactivation", 1),
    "contraction_mrr": ("Contraction", -1),
    "churned_mrr": ("Churn", -1),
}
COLORS = [theme.GOOD, "#5CC8A8", "#A6E3CF", theme.CAUTION, theme.BAD]
NO_SUBSCRIPTIONS = "No subscriptions up to this day."


def read(view: View) -> Tables:
    """Months that were over by the reporting date, and the last day's own."""
    return named([view.table(MONTHS, view.months), view.table(PLANS, view.months)])


def steps(row: dict[str, Any]) -> list[shapes.Step]:
    """The waterfall of a month: where it starts, its movements, where it ends."""
    moved = [shapes.Step(label, row[c], sign) for c, (label, sign) in MOVEMENTS.items()]
    start = shapes.Step("Start", row["starting_mrr"], 0)
    return [start, *moved, shapes.Step("End", row["ending_mrr"], 0)]


def last_moved(frame: pd.DataFrame) -> dict[str, Any]:
    """The last month in which MRR moved, or the last one."""
    moved = [any(row[column] for column in MOVEMENTS) for row in frame.to_dict("records")]
    return (frame[moved] if any(moved) else frame).iloc[-1].to_dict()


def mrr_figure(
    view: View, frame: pd.DataFrame, column: str = "ending_mrr", name: str = "MRR"
) -> None:
    """An amount at the end of the last month, and at the end of the one before."""
    _figure(view, frame, column, name, view.short_money)


def retention_figure(view: View, frame: pd.DataFrame, *, course: bool = True) -> None:
    """Net revenue retention of the last month, and of the one before."""
    _figure(view, frame, "nrr", "Net revenue retention", formats.percent, course=course)


def movement_chart(view: View, frame: pd.DataFrame) -> None:
    """What was won and lost in each month."""
    names = {column: label for column, (label, _) in MOVEMENTS.items()}
    down = [column for column, (_, sign) in MOVEMENTS.items() if sign < 0]
    drawn = charts.stacked(frame, names, COLORS, view.tenant.currency, downwards=down)
    chart(drawn, "MRR won and lost in each month")


def show(view: View, tables: Tables) -> None:
    """Figures of the last month, the waterfall of a chosen one, movements, retention, plans."""
    table = tables[MONTHS.name]
    first, second, third, fourth = st.columns(4)
    with first:
        mrr_figure(view, table.frame)
    with second:
        mrr_figure(view, table.frame, "arr", "ARR")
    with third:
        retention_figure(view, table.frame)
    with fourth:
        _figure(view, table.frame, "paying_customers", "Paying customers", formats.short_count)
    left, right = st.columns(2)
    with left, card("MRR waterfall"):
        if not nothing(table, NO_SUBSCRIPTIONS):
            month = _picked_month(table.frame)
            row = periods.row_of(table.frame, "month", month)
            chart(
                shapes.waterfall(steps(row), view.tenant.currency), f"MRR movements, {month:%b %Y}"
            )
    with right, card("MRR movements", "by month"):
        if not nothing(table, NO_SUBSCRIPTIONS):
            movement_chart(view, table.frame)
    _retention_and_plans(view, table, tables[PLANS.name])


def _retention_and_plans(view: View, table: Table, plans: Table) -> None:
    left, right = st.columns(2)
    with left, card("Revenue retention", "of the month before's MRR"):
        if not nothing(table, NO_SUBSCRIPTIONS):
            names = {"nrr": "Net", "grr": "Gross"}
            drawn = charts.lines(table.frame, "month", names, "percent", view.tenant.currency)
            chart(drawn, "Net and gross revenue retention by month")
    last = (
        plans.frame[plans.frame["month"] == plans.frame["month"].max()]
        if len(plans.frame)
        else None
    )
    shown = Table(plans.question, plans.frame if last is None else last, plans.note)
    when = "" if last is None else formats.month(last["month"].iloc[0])
    with right, card("Plans", when):
        if not nothing(shown, "No paying subscription by then."):
            grid(view, shown, PLAN_COLUMNS)


PLAN_COLUMNS = {
    "plan_name": "Plan",
    "billing_cycle": "Billing",
    "subscriptions": "Subscriptions",
    "mrr": "MRR",
    "mrr_share": "Share",
}


def _picked_month(frame: pd.DataFrame) -> date:
    months = list(frame["month"])[::-1]
    return st.selectbox(
        "Month",
        months,
        index=months.index(last_moved(frame)["month"]),
        format_func=formats.month,
        label_visibility="collapsed",
        width=160,
    )


def _figure(
    view: View,
    frame: pd.DataFrame,
    column: str,
    label: str,
    write: formats.Write,
    *,
    course: bool = True,
) -> None:
    last_month_figure(view, "mrr_metrics", frame, column, label, write, course=course)


SECTION = Section(
    "subscriptions", "Subscriptions", ":material/autorenew:", (MONTHS, PLANS), read, show
)
