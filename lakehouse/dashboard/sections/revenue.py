"""Revenue: by day and by month, and how it grew."""

from typing import Any

import pandas as pd
import streamlit as st

from lakehouse.dashboard import charts, formats, periods
from lakehouse.dashboard.question import Question
from lakehouse.dashboard.view import Section, Table, Tables, View, named
from lakehouse.dashboard.widgets import Change, card, chart, figure, grid, nothing

DAYS = Question(
    "revenue_by_day",
    "Revenue by day",
    """
    select dt, total_revenue, revenue_7d_avg, revenue_mtd, net_revenue, tax, shipping, discounts,
        order_count, avg_order_value, unique_customers, new_customer_orders,
        repeat_customer_orders, cancelled_order_count, cancelled_value
    from lakehouse_gold.revenue_metrics
    where tenant_id = $tenant
    order by dt
    """,
)
MONTHS = Question(
    "revenue_by_month",
    "Revenue by month",
    """
    select month, total_revenue, revenue_mom_growth, quarter_revenue, revenue_qoq_growth,
        revenue_yoy_growth, order_count, avg_order_value, is_complete_month, is_complete_quarter
    from lakehouse_gold.revenue_growth
    where tenant_id = $tenant
    order by month
    """,
)
RANGES = {"30 days": 30, "90 days": 90, "1 year": 365, "All": None}
NAMES = {"total_revenue": "Revenue", "revenue_7d_avg": "7-day average"}
NO_ORDERS = "No orders up to this day."


def days(view: View) -> Tables:
    """Revenue of the days up to the reporting date."""
    return named([view.table(DAYS, view.days)])


def months(view: View) -> Tables:
    """Revenue of the months that are over by then, and of the last day's own."""
    return named([view.table(MONTHS, view.months)])


def read(view: View) -> Tables:
    """Days and months."""
    return days(view) | months(view)


def last_complete(frame: pd.DataFrame) -> dict[str, Any] | None:
    """The last month that Gold calls complete, else the last one; None without any."""
    if frame.empty:
        return None
    complete = frame[[bool(x) for x in frame["is_complete_month"]]]
    return (complete if len(complete) else frame).iloc[-1].to_dict()


def comparable(frame: pd.DataFrame) -> pd.DataFrame:
    """The months, with growth only where both periods are complete.

    Gold compares any two; a month of three days is no base for one of thirty.
    """
    rows = frame.to_dict("records")
    months = {row["month"] for row in rows if row["is_complete_month"]}
    quarters = {row["month"] for row in rows if row["is_complete_quarter"]}
    compared = {
        "revenue_mom_growth": (months, 1),
        "revenue_qoq_growth": (quarters, 3),
        "revenue_yoy_growth": (months, 12),
    }
    for row in rows:
        for column, (complete, back) in compared.items():
            if not {row["month"], periods.months_later(row["month"], -back)} <= complete:
                row[column] = None
    return pd.DataFrame(rows, columns=frame.columns, dtype=object)


def month_figure(view: View, frame: pd.DataFrame) -> None:
    """Revenue of the last complete month and its growth."""
    row = last_complete(comparable(frame))
    growth = row and row["revenue_mom_growth"]
    figure(
        view,
        "revenue_growth",
        "total_revenue",
        f"Revenue, {formats.month(row and row['month'])}",
        view.short_money(row and row["total_revenue"]),
        Change.growth(growth, f"on {formats.month(periods.months_later(row['month'], -1))}")
        if row
        else None,
        list(frame["total_revenue"]) if len(frame) else None,
    )


def to_date_figure(view: View, frame: pd.DataFrame) -> None:
    """Revenue of the month to date, and of the month before to the same day."""
    today = periods.row_of(frame, "dt", view.as_of)
    then = periods.same_day_month_before(view.as_of)
    before = periods.row_of(frame, "dt", then)
    figure(
        view,
        "revenue_metrics",
        "revenue_mtd",
        "Month to date",
        view.short_money(today and today["revenue_mtd"]),
        Change.from_before(
            today and today["revenue_mtd"],
            before and before["revenue_mtd"],
            view.short_money,
            f"to {then.day} {then:%b}",
        ),
        list(frame["revenue_7d_avg"])[-30:] if len(frame) else None,
    )


def day_chart(view: View, frame: pd.DataFrame) -> None:
    """Days as bars, their 7-day average as a line."""
    drawn = charts.by_day(frame, "total_revenue", "revenue_7d_avg", NAMES, view.tenant.currency)
    chart(drawn, "Revenue of each day and its 7-day average")


def show(view: View, tables: Tables) -> None:
    """Figures of the last complete month, days, months, the table of growth."""
    by_day, by_month = tables[DAYS.name], tables[MONTHS.name]
    _figures(view, by_day.frame, by_month.frame)
    with card("Revenue by day", "bars: the day · line: mean of 7 days"):
        if not nothing(by_day, NO_ORDERS):
            picked = st.segmented_control(
                "Days", list(RANGES), default="90 days", label_visibility="collapsed", required=True
            )
            day_chart(view, periods.days_until(by_day.frame, view.as_of, RANGES[picked]))
    with card("Revenue by month", "paler: the month is not complete"):
        if not nothing(by_month, NO_ORDERS):
            frame = by_month.frame
            partial = [
                m
                for m, whole in zip(frame["month"], frame["is_complete_month"], strict=True)
                if not whole
            ]
            currency = view.tenant.currency
            chart(
                charts.by_month(frame, "total_revenue", "Revenue", currency, partial),
                "Revenue of each month",
            )
            grid(view, _newest_first(by_month), GROWTH, whole=True)
            st.caption("Growth stands only where both periods are complete.")


GROWTH = {
    "month": "Month",
    "total_revenue": "Revenue",
    "revenue_mom_growth": "On month",
    "revenue_qoq_growth": "Quarter on quarter",
    "revenue_yoy_growth": "On year",
    "order_count": "Orders",
    "avg_order_value": "Average order",
    "is_complete_month": "Complete",
}


def _newest_first(table: Table) -> Table:
    frame = comparable(table.frame)[::-1].reset_index(drop=True)
    return Table(table.question, frame, table.note)


def _figures(view: View, by_day: pd.DataFrame, by_month: pd.DataFrame) -> None:
    first, second, third, fourth = st.columns(4)
    with first:
        month_figure(view, by_month)
    with second:
        to_date_figure(view, by_day)
    with third:
        orders_figure(view, by_month)
    with fourth:
        _complete_figure(view, by_month, "avg_order_value", "Average order", view.money)


def orders_figure(view: View, frame: pd.DataFrame, *, course: bool = True) -> None:
    """Orders of the last complete month, and of the one before."""
    _complete_figure(view, frame, "order_count", "Orders", formats.short_count, course=course)


def _complete_figure(
    view: View,
    frame: pd.DataFrame,
    column: str,
    label: str,
    write: formats.Write,
    *,
    course: bool = True,
) -> None:
    row = last_complete(frame) or {}
    month = row.get("month")
    before = month and periods.row_of(frame, "month", periods.months_later(month, -1))
    change = before and Change.from_before(
        row[column], before[column], write, f"in {before['month']:%b}"
    )
    figure(
        view,
        "revenue_growth",
        column,
        f"{label}, {formats.month(month)}",
        write(row.get(column)),
        change or None,
        list(frame[column]) if course and len(frame) else None,
    )


SECTION = Section("revenue", "Revenue", ":material/payments:", (DAYS, MONTHS), read, show)
