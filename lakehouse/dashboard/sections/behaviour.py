"""Behaviour: the funnel of the last days, visits and the ways through the shop."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from lakehouse.dashboard import charts, formats, periods, shapes
from lakehouse.dashboard.question import Question
from lakehouse.dashboard.view import Section, Table, Tables, View, named
from lakehouse.dashboard.widgets import Change, card, chart, figure, grid, nothing

WINDOW = 30
# Hours add up, because a session counts in one of them; rates are those of the sums.
FUNNEL = Question(
    "funnel",
    "Funnel",
    """
    select
        sessions_started,
        sessions_reaching_page_view,
        sessions_reaching_product_view,
        sessions_reaching_add_to_cart,
        sessions_reaching_checkout,
        sessions_reaching_purchase,
        cast(sessions_reaching_page_view as double) / nullif(sessions_started, 0)
            as page_view_conversion_rate,
        cast(sessions_reaching_product_view as double) / nullif(sessions_reaching_page_view, 0)
            as product_view_conversion_rate,
        cast(sessions_reaching_add_to_cart as double) / nullif(sessions_reaching_product_view, 0)
            as add_to_cart_conversion_rate,
        cast(sessions_reaching_checkout as double) / nullif(sessions_reaching_add_to_cart, 0)
            as checkout_conversion_rate,
        cast(sessions_reaching_purchase as double) / nullif(sessions_reaching_checkout, 0)
            as purchase_conversion_rate,
        cast(sessions_reaching_purchase as double) / nullif(sessions_started, 0)
            as overall_conversion_rate
    from (
        select
            cast(sum(sessions_started) as bigint) as sessions_started,
            cast(sum(sessions_reaching_page_view) as bigint) as sessions_reaching_page_view,
            cast(sum(sessions_reaching_product_view) as bigint) as sessions_reaching_product_view,
            cast(sum(sessions_reaching_add_to_cart) as bigint) as sessions_reaching_add_to_cart,
            cast(sum(sessions_reaching_checkout) as bigint) as sessions_reaching_checkout,
            cast(sum(sessions_reaching_purchase) as bigint) as sessions_reaching_purchase
        from lakehouse_gold.funnel_metrics
        where
            tenant_id = $tenant
            and cast(hour as date) >= cast($first as date)
            and cast(hour as date) <= cast($last as date)
    ) as hours
    where sessions_started > 0
    """,
)
VISITS = Question(
    "visits_by_day",
    "Visits by day",
    """
    select dt, sessions, unique_visitors, conversion_rate, bounce_rate, cart_abandonment_rate,
        checkout_abandonment_rate, pages_per_session, median_duration_seconds
    from lakehouse_gold.session_metrics
    where tenant_id = $tenant
    order by dt
    """,
)
JOURNEYS = Question(
    "journeys",
    "Ways through the shop",
    """
    select path, sessions, share, conversion_rate, avg_duration_seconds
    from lakehouse_gold.user_journeys
    where tenant_id = $tenant
    order by sessions desc, path
    """,
)
STEPS = {
    "sessions_started": "Sessions",
    "sessions_reaching_page_view": "Saw a page",
    "sessions_reaching_product_view": "Saw a product",
    "sessions_reaching_add_to_cart": "Put it in the cart",
    "sessions_reaching_checkout": "Began the checkout",
    "sessions_reaching_purchase": "Bought",
}
RATES = {
    step: step.replace("sessions_reaching_", "") + "_conversion_rate"
    for step in STEPS
    if step.startswith("sessions_reaching_")
}
NO_VISITS = f"No sessions in the {WINDOW} days to this day."


def funnel_table(view: View, windows_before: int = 0) -> Table:
    """The funnel of the days to the reporting date, or of a window as long before them."""
    last = view.as_of - timedelta(days=WINDOW * windows_before)
    first = last - timedelta(days=WINDOW - 1)
    note = f"{formats.day(first)} to {formats.day(last)} · share of the step before"
    return view.table(FUNNEL, note=note, first=first.isoformat(), last=last.isoformat())


def read(view: View) -> Tables:
    """Funnel and visits up to the reporting date; ways over the whole history."""
    return named(
        [
            funnel_table(view),
            view.table(VISITS, view.days),
            view.table(JOURNEYS, note=f"whole history to {formats.day(view.last_day)}"),
        ]
    )


def funnel_chart(view: View, table: Table) -> None:
    """The funnel, or why there is none."""
    if not nothing(table, NO_VISITS):
        row = table.frame.iloc[0].to_dict()
        chart(shapes.funnel(row, STEPS, RATES), "Sessions that reach each step")


def conversion_figure(view: View, table: Table) -> None:
    """Sessions with a purchase of all sessions of the window."""
    _window_figure(view, table, "overall_conversion_rate", "Conversion", formats.percent)


def show(view: View, tables: Tables) -> None:
    """The funnel, conversion by day, the most frequent ways."""
    _figures(view, tables)
    left, right = st.columns(2)
    with left, card("Funnel", tables[FUNNEL.name].note):
        funnel_chart(view, tables[FUNNEL.name])
    with right, card("Sessions", "by day, 90 days"):
        _visits(view, tables[VISITS.name])
    journeys = tables[JOURNEYS.name]
    with card("Ways through the shop", journeys.note):
        if not nothing(journeys, "No sessions yet."):
            grid(view, _readable(journeys), WAYS)


def _readable(journeys: Table) -> Table:
    """The table with its ways in words."""
    words = [path.replace(" > ", " → ").replace("_", " ") for path in journeys.frame["path"]]
    return Table(journeys.question, journeys.frame.assign(path=words), journeys.note)


WAYS = {
    "path": "Way",
    "sessions": "Sessions",
    "share": "Share",
    "conversion_rate": "Conversion",
    "avg_duration_seconds": "Seconds",
}


VISIT_COLUMNS = {
    "sessions": "Sessions",
    "unique_visitors": "Visitors",
    "conversion_rate": "Conversion",
    "bounce_rate": "Bounces",
    "cart_abandonment_rate": "Abandoned carts",
}


def _visits(view: View, table: Table) -> None:
    frame = table.frame
    recent = periods.days_until(frame, view.as_of, 90) if len(frame) else frame
    if not nothing(Table(table.question, recent, table.note), "No sessions in 90 days."):
        kinds = {c: view.definitions.of("session_metrics", c).kind for c in VISIT_COLUMNS}
        chart(charts.counts(recent, "sessions", VISIT_COLUMNS, kinds), "Sessions of each day")


def _window_figure(view: View, table: Table, column: str, label: str, write: formats.Write) -> None:
    """A figure of the window, and the same of the window before."""
    before = funnel_table(view, windows_before=1).frame
    row = table.frame.iloc[0].to_dict() if len(table.frame) else {}
    past = before.iloc[0].to_dict() if len(before) else {}
    figure(
        view,
        "funnel_metrics",
        column,
        f"{label}, {WINDOW} days",
        write(row.get(column)),
        Change.from_before(row.get(column), past.get(column), write, f"{WINDOW} days before"),
    )


def _figures(view: View, tables: Tables) -> None:
    frame: pd.DataFrame = tables[VISITS.name].frame
    last = frame.iloc[-1].to_dict() if len(frame) else {}
    first, second, third, fourth = st.columns(4)
    with first:
        _window_figure(
            view, tables[FUNNEL.name], "sessions_started", "Sessions", formats.short_count
        )
    with second:
        conversion_figure(view, tables[FUNNEL.name])
    on = f", {formats.day(last.get('dt'))}"
    with third:
        value = formats.percent(last.get("bounce_rate"))
        figure(view, "session_metrics", "bounce_rate", f"Bounces{on}", value)
    with fourth:
        value = formats.percent(last.get("cart_abandonment_rate"))
        figure(view, "session_metrics", "cart_abandonment_rate", f"Abandoned carts{on}", value)


SECTION = Section(
    "behaviour", "Behaviour", ":material/filter_alt:", (FUNNEL, VISITS, JOURNEYS), read, show
)
