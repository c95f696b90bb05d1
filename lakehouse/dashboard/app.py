"""What Streamlit runs: menu, tenant switch, reporting date, and the chosen page."""

from datetime import date
from functools import partial
from html import escape

import streamlit as st
from streamlit.navigation.page import Page

from lakehouse.dashboard import export, formats, sections, theme
from lakehouse.dashboard.desk import NO_CURRENCY, Desk, Gold, gold_of, open_desk
from lakehouse.dashboard.settings import Settings, from_environment
from lakehouse.dashboard.view import Section, Table, Tenant, View
from lakehouse.errors import LakehouseError
from lakehouse.state import State, current_state

AS_OF_MEANS = (
    "Later days, and months that had not ended by this day, are left out. It is no time travel: "
    "the figures are those of today, with all that became known since."
)


def main() -> None:
    """One run of the page, for the principal that the server runs for."""
    st.set_page_config(page_title="Tenant Lakehouse", page_icon=theme.ICON, layout="wide")
    st.html(theme.STYLE)
    st.logo(theme.LOGO, size="large")
    try:
        desk = desk_of_process()
        page = _menu(desk, chosen_tenant(desk))
        page.run()
        st.sidebar.caption(f":material/person: {desk.principal}")
    except LakehouseError as error:
        st.error(str(error), icon=":material/block:")


def desk_of_process() -> Desk:
    """The desk of whom this process was started for. Raises LakehouseError."""
    settings = from_environment()
    return open_desk(settings, _gold(settings, current_state()))


@st.cache_resource(show_spinner=False, max_entries=8)
def _gold(settings: Settings, state: State) -> Gold:
    """One for all visitors: the server runs for one principal."""
    return gold_of(settings)


def _menu(desk: Desk, tenant: Tenant) -> Page:
    """The menu and the page that was chosen in it, the overview at first."""

    def page(section: Section) -> Page:
        return st.Page(
            partial(show_section, desk, tenant, section),
            title=section.title,
            icon=section.icon,
            url_path=section.key,
            default=section is sections.OVERVIEW,
        )

    menu = {"Business": [page(s) for s in (sections.OVERVIEW, *sections.DETAILS)]}
    if len(desk.tenants) > 1:
        menu["Platform"] = [page(sections.TENANTS)]
    menu["Export"] = [page(REPORT)]
    return st.navigation(menu, position="sidebar", expanded=True)


def show_section(desk: Desk, tenant: Tenant, section: Section) -> None:
    """The page of a section: whose it is, of which day, its content, its exports."""
    days = desk.days(tenant)
    if not section.of_one_tenant:
        days = days or next(filter(None, map(desk.days, desk.tenants)), None)
    if days is None:
        _title(tenant, section)
        st.info(
            "This tenant has no customers, orders or subscriptions yet; its pages fill with the "
            "first build after that.",
            icon=":material/hourglass_empty:",
        )
        return
    view = desk.view(tenant, days[1], _reporting_date(tenant, *days))
    head, button = st.columns([5, 1], vertical_alignment="center")
    with head:
        _title(tenant, section)
    if desk.reading.note:
        st.caption(f":material/sync: {desk.reading.note}")
    _say_what_the_date_means(view)
    tables = section.read(view)
    section.show(view, tables)
    with button:
        _exports(view, section, list(tables.values()))


def chosen_tenant(desk: Desk) -> Tenant:
    """The only permitted tenant, or the one that was picked of the permitted ones.

    The address may name it (?tenant=SLUG); another one than those that dim_tenant gave is ignored.
    """
    by_slug = {tenant.slug: tenant for tenant in desk.tenants}
    if len(by_slug) == 1:
        return desk.tenants[0]
    asked = st.query_params.get("tenant")
    if "tenant" not in st.session_state and asked in by_slug:
        st.session_state["tenant"] = asked
    with st.sidebar:
        slug = st.selectbox(
            "Tenant",
            list(by_slug),
            format_func=lambda slug: by_slug[slug].name,
            key="tenant",
            persist_state="session",
        )
    st.query_params["tenant"] = slug
    return by_slug[slug]


def _reporting_date(tenant: Tenant, first: date, last: date) -> date:
    with st.sidebar:
        picked = st.date_input(
            "Reporting date",
            value=last,
            min_value=first,
            max_value=last,
            key=f"as_of_{tenant.slug}_{last}",
            format="YYYY-MM-DD",
            help=AS_OF_MEANS,
            persist_state="session",
        )
    return picked if isinstance(picked, date) else last


def _title(tenant: Tenant, section: Section) -> None:
    facts = [
        section.title,
        tenant.plan and f"{tenant.plan} plan",
        tenant.country,
        tenant.currency if tenant.currency != NO_CURRENCY else None,
    ]
    name, facts = (tenant.name, facts) if section.of_one_tenant else (section.title, [])
    shown = " · ".join(escape(fact) for fact in facts if fact)
    st.html(f'<div class="lakehouse-title"><h1>{escape(name)}</h1><span>{shown}</span></div>')


def _say_what_the_date_means(view: View) -> None:
    if view.as_of < view.last_day:
        st.caption(
            f":material/event: Periods to {formats.day(view.as_of)}; the data go to "
            f"{formats.day(view.last_day)}. {AS_OF_MEANS}"
        )


def _exports(view: View, section: Section, tables: list[Table]) -> None:
    with st.popover("Export", icon=":material/download:", width="stretch"):
        st.download_button(
            "This page as Excel",
            partial(export.workbook, view, tables),
            export.file_name(view, section.key, "xlsx"),
            icon=":material/table_view:",
            width="stretch",
            on_click="ignore",
        )
        st.download_button(
            "All pages as Excel",
            lambda: export.workbook(view, list(_read_all(view).values())),
            export.file_name(view, "dashboard", "xlsx"),
            icon=":material/table_view:",
            width="stretch",
            on_click="ignore",
        )
        for table in tables:
            if len(table.frame):
                st.download_button(
                    f"{table.question.title}, CSV",
                    partial(export.csv, table),
                    export.file_name(view, table.question.name, "csv"),
                    icon=":material/csv:",
                    width="stretch",
                    type="tertiary",
                    on_click="ignore",
                )


def _read_all(view: View) -> dict[str, Table]:
    return {n: t for section in sections.DETAILS for n, t in section.read(view).items()}


def _show_all(view: View, tables: dict[str, Table]) -> None:
    st.caption("Every page below each other, for paper or a PDF: print this page in the browser.")
    for section in sections.DETAILS:
        st.subheader(section.title, divider="gray")
        section.show(view, tables)


REPORT = Section("report", "Full report", ":material/print:", (), _read_all, _show_all)
