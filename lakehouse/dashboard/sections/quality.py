"""Data: how new Gold is, whether its tables agree, what is wrong with single rows."""

from datetime import UTC, datetime

import streamlit as st

from lakehouse.dashboard import formats
from lakehouse.dashboard.question import Question
from lakehouse.dashboard.view import Section, Table, Tables, View, named
from lakehouse.dashboard.widgets import card, figure, grid, nothing

# The column of each mart that says which period a row is of, and how long that is.
PERIODS = {
    "revenue_metrics": ("dt", "day"),
    "revenue_growth": ("month", "month"),
    "customer_metrics": ("dt", "day"),
    "customer_cohorts": ("cohort_month", "month"),
    "funnel_metrics": ("cast(hour as date)", "day"),
    "session_metrics": ("dt", "day"),
    "mrr_metrics": ("month", "month"),
    "plan_distribution": ("month", "month"),
    "category_performance": ("month", "month"),
    "payment_metrics": ("month", "month"),
    "fct_invoices": ("issued_on", "day"),
}
FRESHNESS = Question(
    "freshness",
    "Freshness of the tables",
    "\nunion all\n".join(
        f"""
    select '{mart}' as table_name, '{grain}' as period, count(*) as row_count,
        min({column}) as first_period, max({column}) as last_period
    from lakehouse_gold.{mart}
    where tenant_id = $tenant
    """
        for mart, (column, grain) in PERIODS.items()
    )
    + "order by table_name",
)
LAST = Question(
    "last_moments",
    "Last moments",
    """
    select order_count, last_order_at
    from lakehouse_gold.tenant_summary
    where tenant_id = $tenant
    """,
)
# What must be the same number in two marts; both sides are added up by the engine.
SIDES = {
    "Revenue: summary and days": (
        "select total_revenue from lakehouse_gold.tenant_summary where tenant_id = $tenant",
        "select sum(total_revenue) from lakehouse_gold.revenue_metrics where tenant_id = $tenant",
    ),
    "Revenue: summary and months": (
        "select total_revenue from lakehouse_gold.tenant_summary where tenant_id = $tenant",
        "select sum(total_revenue) from lakehouse_gold.revenue_growth where tenant_id = $tenant",
    ),
    "Completed orders: summary and days": (
        "select completed_order_count from lakehouse_gold.tenant_summary where tenant_id = $tenant",
        "select sum(order_count) from lakehouse_gold.revenue_metrics where tenant_id = $tenant",
    ),
    "Sessions: summary and days": (
        "select session_count from lakehouse_gold.tenant_summary where tenant_id = $tenant",
        "select sum(sessions) from lakehouse_gold.session_metrics where tenant_id = $tenant",
    ),
    "MRR of all months: ends and plans": (
        "select sum(ending_mrr) from lakehouse_gold.mrr_metrics where tenant_id = $tenant",
        "select sum(mrr) from lakehouse_gold.plan_distribution where tenant_id = $tenant",
    ),
    "MRR of all months: ends, and starts with movements": (
        "select sum(ending_mrr) from lakehouse_gold.mrr_metrics where tenant_id = $tenant",
        "select sum(starting_mrr + new_mrr + expansion_mrr + reactivation_mrr - contraction_mrr"
        " - churned_mrr) from lakehouse_gold.mrr_metrics where tenant_id = $tenant",
    ),
    "Outstanding: summary and ages": (
        "select outstanding_amount from lakehouse_gold.tenant_summary where tenant_id = $tenant",
        "select sum(aging_0_30 + aging_31_60 + aging_61_90 + aging_over_90)"
        " from lakehouse_gold.payment_metrics where tenant_id = $tenant",
    ),
}
AGREEMENT = Question(
    "agreement",
    "Tables that must agree",
    "select compared, one_side, other_side, one_side = other_side as agrees from (\n"
    + "\nunion all\n".join(
        f"""
    select '{name}' as compared,
        coalesce(cast(({one}) as decimal(18, 2)), 0) as one_side,
        coalesce(cast(({other}) as decimal(18, 2)), 0) as other_side
    """
        for name, (one, other) in SIDES.items()
    )
    + ") as sides\norder by compared",
)
INVOICES = Question(
    "invoice_reconciliation",
    "Invoices beside their subscriptions",
    """
    select reconciliation_status, count(*) as invoice_count,
        cast(sum(amount) as decimal(18, 2)) as amount
    from lakehouse_gold.fct_invoices
    where tenant_id = $tenant
    group by reconciliation_status
    order by reconciliation_status
    """,
)


def read(view: View) -> Tables:
    """Gold as it is: the reporting date has no part in this page."""
    return named(view.table(question) for question in (LAST, AGREEMENT, FRESHNESS, INVOICES))


def age(view: View, now: datetime) -> str:
    """How long ago Gold's last day is."""
    days = (now.date() - view.last_day).days
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago" if days > 0 else "to come")


def show(view: View, tables: Tables) -> None:
    """Last day and last order, tables that must agree, freshness, invoices."""
    agreement, freshness = tables[AGREEMENT.name], tables[FRESHNESS.name]
    last = tables[LAST.name].frame
    row = last.iloc[0].to_dict() if len(last) else {}
    first, second, third = st.columns(3)
    with first:
        st.metric(
            "Data up to",
            formats.day(view.last_day),
            delta=age(view, datetime.now(UTC)),
            delta_arrow="off",
            delta_color="off",
            border=True,
            height="stretch",
        )
    with second:
        moment = formats.moment(row.get("last_order_at"))
        figure(view, "tenant_summary", "last_order_at", "Last order", moment)
    with third:
        agree = [bool(x) for x in agreement.frame["agrees"]] if len(agreement.frame) else []
        st.metric(
            "Tables that agree", f"{sum(agree)} of {len(agree)}", border=True, height="stretch"
        )
    left, right = st.columns([3, 2])
    with left, card("Tables that must agree", "the same number, from two marts"):
        if not nothing(agreement, "Nothing to compare."):
            if not all(agree):
                st.error("Two tables disagree. Please tell who runs the platform.")
            grid(view, agreement, AGREEMENT_COLUMNS)
        st.caption("Every build is tested for many more such rules.")
    with right, card("Invoices beside their subscriptions"):
        if not nothing(tables[INVOICES.name], "No invoices yet."):
            grid(view, tables[INVOICES.name], INVOICE_COLUMNS)
    with card("Freshness of the tables", "periods that they hold for this tenant"):
        if not nothing(freshness, "No tables."):
            grid(view, _written(freshness), FRESHNESS_COLUMNS, whole=True)


def _written(freshness: Table) -> Table:
    """The table with its periods as texts, days and months each in their way."""
    write = {"day": formats.day, "month": formats.month}
    frame = freshness.frame.copy()
    for column in ("first_period", "last_period"):
        pairs = zip(frame["period"], frame[column], strict=True)
        frame[column] = [write[grain](value) for grain, value in pairs]
    return Table(freshness.question, frame, freshness.note)


AGREEMENT_COLUMNS = {
    "compared": "Compared",
    "one_side": "One side",
    "other_side": "Other side",
    "agrees": "Agree",
}
INVOICE_COLUMNS = {
    "reconciliation_status": "Status",
    "invoice_count": "Invoices",
    "amount": "Amount",
}
FRESHNESS_COLUMNS = {
    "table_name": "Table",
    "row_count": "Rows",
    "period": "By",
    "first_period": "First period",
    "last_period": "Last period",
}
SECTION = Section(
    "data", "Data", ":material/verified:", (LAST, AGREEMENT, FRESHNESS, INVOICES), read, show
)
