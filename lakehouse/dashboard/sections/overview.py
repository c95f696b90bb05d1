"""Overview: the figures and charts of the other pages that one looks at first."""

import streamlit as st

from lakehouse.dashboard import formats, periods, shapes
from lakehouse.dashboard.sections import behaviour, customers, payments, products, revenue
from lakehouse.dashboard.sections import subscriptions as mrr
from lakehouse.dashboard.view import Section, Tables, View, named
from lakehouse.dashboard.widgets import card, chart, ink, nothing


def read(view: View) -> Tables:
    """What the other pages read, without the tables that are not shown here."""
    return {
        **revenue.read(view),
        **customers.read(view),
        **named([behaviour.funnel_table(view), products.products_table(view)]),
        **mrr.read(view),
        **named([payments.aging_table(view)]),
    }


def show(view: View, tables: Tables) -> None:
    """Eight figures, six charts."""
    _figures(view, tables)
    _revenue_and_mrr(view, tables)
    left, right = st.columns(2)
    with left, card("Cohorts", "share of customers who order again"):
        cohorts = tables[customers.COHORTS.name]
        if not nothing(cohorts, "No customer had ordered by then."):
            drawn = shapes.heat_map(
                cohorts.frame, "retention_rate", "percent", view.tenant.currency, ink()
            )
            chart(drawn, "Retention of each cohort by month")
    with right, card("Funnel", tables[behaviour.FUNNEL.name].note):
        behaviour.funnel_chart(view, tables[behaviour.FUNNEL.name])
    left, right = st.columns(2)
    with left, card("Best sellers", f"by revenue · {tables[products.PRODUCTS.name].note}"):
        products.best_chart(view, tables[products.PRODUCTS.name])
    with (
        right,
        card("Aging of what is owed", f"days past due · {tables[payments.AGING.name].note}"),
    ):
        payments.aging_chart(view, tables[payments.AGING.name])


def _figures(view: View, tables: Tables) -> None:
    """Four figures with their course, four without."""
    months = tables[revenue.MONTHS.name].frame
    mrr_months = tables[mrr.MONTHS.name].frame
    drawn = (
        lambda: revenue.month_figure(view, months),
        lambda: revenue.to_date_figure(view, tables[revenue.DAYS.name].frame),
        lambda: mrr.mrr_figure(view, mrr_months),
        lambda: customers.active_figure(view, tables[customers.DAYS.name].frame),
        lambda: revenue.orders_figure(view, months, course=False),
        lambda: mrr.retention_figure(view, mrr_months, course=False),
        lambda: behaviour.conversion_figure(view, tables[behaviour.FUNNEL.name]),
        lambda: payments.outstanding_figure(view, tables[payments.AGING.name]),
    )
    for cell, draw in zip([*st.columns(4), *st.columns(4)], drawn, strict=True):
        with cell:
            draw()


def _revenue_and_mrr(view: View, tables: Tables) -> None:
    left, right = st.columns(2)
    days, months = tables[revenue.DAYS.name], tables[mrr.MONTHS.name]
    with left, card("Revenue", "90 days · line: mean of 7 days"):
        if not nothing(days, revenue.NO_ORDERS):
            revenue.day_chart(view, periods.days_until(days.frame, view.as_of, 90))
    last = mrr.last_moved(months.frame) if len(months.frame) else {}
    with right, card("MRR waterfall", formats.month(last.get("month")) if last else ""):
        if not nothing(months, mrr.NO_SUBSCRIPTIONS):
            chart(shapes.waterfall(mrr.steps(last), view.tenant.currency), "MRR movements")


QUESTIONS = (
    revenue.DAYS,
    revenue.MONTHS,
    customers.DAYS,
    customers.COHORTS,
    behaviour.FUNNEL,
    products.PRODUCTS,
    mrr.MONTHS,
    mrr.PLANS,
    payments.AGING,
)
SECTION = Section("overview", "Overview", ":material/dashboard:", QUESTIONS, read, show)
