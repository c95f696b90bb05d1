"""Payments: what was invoiced, what was paid, and how old the rest is."""

import altair as alt
import pandas as pd
import streamlit as st

from lakehouse.dashboard import charts, formats, periods, theme
from lakehouse.dashboard.question import Question
from lakehouse.dashboard.view import Section, Table, Tables, View, named
from lakehouse.dashboard.widgets import (
    Change,
    card,
    chart,
    figure,
    grid,
    last_month_figure,
    nothing,
)

MONTHS = Question(
    "payments_by_month",
    "Payments by month of issue",
    """
    select month, invoice_count, invoiced_amount, paid_count, paid_amount, outstanding_amount,
        overdue_count, overdue_amount, cancelled_amount, payment_success_rate, on_time_rate,
        avg_days_to_pay, aging_0_30, aging_31_60, aging_61_90, aging_over_90
    from lakehouse_gold.payment_metrics
    where tenant_id = $tenant
    order by month
    """,
)
# An invoice is in one month of issue and in one age, so months add up.
AGING = Question(
    "aging",
    "Outstanding amounts by age",
    """
    select
        cast(sum(aging_0_30) as decimal(18, 2)) as aging_0_30,
        cast(sum(aging_31_60) as decimal(18, 2)) as aging_31_60,
        cast(sum(aging_61_90) as decimal(18, 2)) as aging_61_90,
        cast(sum(aging_over_90) as decimal(18, 2)) as aging_over_90,
        cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
        cast(sum(overdue_amount) as decimal(18, 2)) as overdue_amount
    from lakehouse_gold.payment_metrics
    where tenant_id = $tenant
    having count(*) > 0
    """,
)
OPEN = Question(
    "open_invoices",
    "Outstanding invoices",
    """
    select invoice_number, invoice_status, issued_on, due_on, days_past_due, amount
    from lakehouse_gold.fct_invoices
    where tenant_id = $tenant and is_outstanding
    order by days_past_due desc, amount desc, invoice_number
    """,
)
AGES = {
    "aging_0_30": "not due, 0–30 days",
    "aging_31_60": "31–60 days",
    "aging_61_90": "61–90 days",
    "aging_over_90": "over 90 days",
}
NO_INVOICES = "No invoices up to this day."


def aging_table(view: View) -> Table:
    """What is owed on Gold's last day, by age."""
    return view.table(AGING, note=f"on {formats.day(view.last_day)}")


def read(view: View) -> Tables:
    """Months of issue up to the reporting date; what is owed is as on Gold's last day."""
    as_known = f"on {formats.day(view.last_day)}"
    return named(
        [view.table(MONTHS, view.months, note=f"paid or not {as_known}"), aging_table(view)]
        + [view.table(OPEN, note=as_known)]
    )


def aging_chart(view: View, table: Table) -> None:
    """Amounts by age, or why there are none."""
    if not nothing(table, "No invoices yet."):
        row = table.frame.iloc[0].to_dict()
        chart(charts.aged(row, AGES, view.tenant.currency), "Outstanding amounts by age")


def outstanding_figure(view: View, table: Table) -> None:
    """What is owed on Gold's last day."""
    row = table.frame.iloc[0].to_dict() if len(table.frame) else {}
    figure(
        view,
        "payment_metrics",
        "outstanding_amount",
        f"Outstanding {table.note}" if row else "Outstanding",
        view.short_money(row.get("outstanding_amount")),
        _overdue(view, row) if row else None,
    )


def _overdue(view: View, row: dict) -> Change:
    amount = row["overdue_amount"]
    written = view.short_money(amount) if amount else "nothing"
    return Change(written, -1 if amount else 0, "of it overdue", points=False)


def show(view: View, tables: Tables) -> None:
    """Figures, aging, months of issue, what is still open."""
    months, aging, still_open = (tables[q.name] for q in (MONTHS, AGING, OPEN))
    first, second, third, fourth = st.columns(4)
    with first:
        outstanding_figure(view, aging)
    with second:
        _figure(view, months.frame, "payment_success_rate", "Paid of issued", formats.percent)
    with third:
        _figure(view, months.frame, "on_time_rate", "Paid on time", formats.percent)
    with fourth:
        _figure(view, months.frame, "avg_days_to_pay", "Days to pay", formats.number, False)
    left, right = st.columns(2)
    with left, card("Aging of what is owed", f"days past due · {aging.note}"):
        aging_chart(view, aging)
    with right, card("Invoiced, by month of issue", months.note):
        if not nothing(months, NO_INVOICES):
            chart(_months_chart(months.frame, view.tenant.currency), "Invoices by month of issue")
    with card("Outstanding invoices", f"oldest first · {still_open.note}"):
        if not nothing(still_open, "Nothing is owed."):
            grid(view, still_open, OPEN_COLUMNS)


OPEN_COLUMNS = {
    "invoice_number": "Invoice",
    "invoice_status": "Status",
    "issued_on": "Issued",
    "due_on": "Due",
    "days_past_due": "Days past due",
    "amount": "Amount",
}


def _months_chart(frame: pd.DataFrame, currency: str) -> alt.Chart:
    names = {
        "paid_amount": "Paid",
        "outstanding_amount": "Outstanding",
        "cancelled_amount": "Cancelled",
    }
    return charts.stacked(frame, names, [theme.GOOD, theme.CAUTION, theme.QUIET], currency)


def _figure(
    view: View,
    frame: pd.DataFrame,
    column: str,
    label: str,
    write: formats.Write,
    more_is_better: bool = True,
) -> None:
    """A rate of the last month of issue that is over, beside the month before it."""
    ended = [periods.month_end(m) <= view.as_of for m in frame["month"]] if len(frame) else []
    frame = frame[ended] if any(ended) else frame
    last = formats.month(frame["month"].iloc[-1] if len(frame) else None)
    last_month_figure(
        view,
        "payment_metrics",
        frame,
        column,
        f"{label}, {last}",
        write,
        more_is_better=more_is_better,
    )


SECTION = Section(
    "payments", "Payments", ":material/receipt_long:", (MONTHS, AGING, OPEN), read, show
)
