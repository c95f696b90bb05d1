"""Who looks decides which tenants are there: on the page, in charts and in files."""

from io import BytesIO
from zipfile import ZipFile

import duckdb
import pytest

from lakehouse.dashboard import app, export, sections
from lakehouse.dashboard.desk import QUESTIONS, Desk, open_desk
from lakehouse.dashboard.gold import EmbeddedGold
from lakehouse.dashboard.settings import Settings
from lakehouse.dashboard.view import View
from lakehouse.governance import AccessDeniedError, RegistryError
from lakehouse.state import State
from tests.fakes.gold import LAST_DAY, column_types
from tests.integration.lakehouse.dashboard.conftest import (
    SHOPS,
    drawn,
    elements,
    register,
)

pytestmark = pytest.mark.slow
EVERY = (*QUESTIONS, *sections.all_questions())
BOB = SHOPS["bob"][0]


@pytest.fixture(scope="module")
def view(state):
    return view_of_ann(state)


def view_of_ann(state: State) -> View:
    desk = desk_of("analyst@ann", state)
    return desk.view(desk.tenants[0], LAST_DAY, LAST_DAY)


def everything(test) -> str:
    """All that a page sends to the browser: texts, charts with their data, tables, files' names."""
    parts = [str(e.proto) for p in (test.main, test.sidebar) for e in elements(p) if e.proto]
    return "\n".join([*parts, *(frame.value.to_string() for frame in test.dataframe)])


def traces_of_bob(text: str, gold) -> list[str]:
    """What of Bob is in the text: name, id, or one of its amounts that nobody else has."""
    amounts = {
        formatted
        for (formatted,) in gold.execute(
            "select format('{:,}', total_revenue) from revenue_metrics where tenant_id = ?"
            " union select format('{:,}', ending_mrr) from mrr_metrics where tenant_id = ?"
            " union select format('{:,}', revenue) from product_performance where tenant_id = ?",
            [BOB] * 3,
        ).fetchall()
    }
    return [trace for trace in ("bob", BOB, *amounts) if trace in text.lower()]


@pytest.mark.parametrize("asked", [None, "bob"])
def test_a_tenants_analyst_sees_nothing_of_another_tenant(page, gold, asked):
    """Also when the address asks for the other tenant; the report has every other page."""
    for key in ("overview", "report") if asked else ("report",):
        test = page("analyst@ann", key, tenant=asked)
        assert not test.exception
        text = everything(test)
        assert "of ann" in text and "€" in text
        assert traces_of_bob(text, gold) == []


def test_the_search_for_traces_finds_them(page, gold):
    text = everything(page("analyst", "report", tenant="bob"))
    assert len(traces_of_bob(text, gold)) > 20


def test_a_tenants_analyst_has_no_switch(page, state):
    test = page("analyst@ann")
    assert [box.label for box in test.sidebar.selectbox] == []
    desk = desk_of("analyst@ann", state)
    assert [tenant.slug for tenant in desk.tenants] == ["ann"]


def test_an_analyst_picks_one_of_all_tenants(page):
    test = page("analyst", fresh=True)
    [box] = test.sidebar.selectbox
    assert box.options == ["Shop of ann", "Shop of bob", "Shop of cyd"]
    first = [metric.value for metric in test.metric]
    assert all("€" in value for value in first[:3])
    box.select("cyd").run()
    assert not test.exception
    second = [metric.value for metric in test.metric]
    assert all("£" in value for value in second[:3])
    assert test.query_params["tenant"] in ("cyd", ["cyd"])


def test_amounts_of_all_tenants_stand_beside_their_currency(page, gold):
    [frame] = [f.value for f in page("analyst", "tenants").dataframe]
    rows = list(zip(frame["tenant_name"], frame["currency"], frame["mrr"], strict=True))
    assert (
        rows
        == gold.execute(
            "select s.tenant_name, d.currency, s.mrr from tenant_summary s"
            " join dim_tenant d using (tenant_id) order by 1"
        ).fetchall()
    )


@pytest.mark.parametrize("key", [s.key for s in (sections.OVERVIEW, *sections.DETAILS)])
def test_files_hold_what_the_page_shows_and_nothing_of_another_tenant(view, gold, key):
    section = next(s for s in (sections.OVERVIEW, *sections.DETAILS) if s.key == key)
    tables = list(section.read(view).values())
    texts = [export.csv(table).decode() for table in tables]
    with ZipFile(BytesIO(export.workbook(view, tables))) as book:
        texts += [book.read(name).decode() for name in book.namelist() if name.endswith(".xml")]
    for text in texts:
        assert traces_of_bob(text, gold) == []
    for table, text in zip(tables, texts, strict=False):
        assert len(text.splitlines()) == len(table.frame) + 1
        assert text.splitlines()[0] == ",".join(table.question.columns)


@pytest.mark.parametrize("principal", ["nobody", "analyst@cyd", "analyst@", "admin@ann", ""])
def test_who_is_not_known_sees_a_refusal_and_nothing_else(page, monkeypatch, principal):
    from streamlit.testing.v1 import AppTest

    page("analyst@ann")
    monkeypatch.setenv("LAKEHOUSE_DASHBOARD_AS", principal)
    script = "from lakehouse.dashboard.app import main; main()"
    test = AppTest.from_string(script, default_timeout=60).run()
    assert not test.exception
    [error] = test.error
    assert "nothing was read" in error.value
    assert drawn(test, "metric") == drawn(test, "vega_lite_chart") == []
    assert "ann" not in everything(test).replace("analyst@ann", "").replace("admin@ann", "")


def test_who_is_let_in_no_longer_is_refused_at_the_next_look(own_state):
    gold = EmbeddedGold("analyst@ann", own_state, EVERY)
    open_desk(Settings("analyst@ann"), gold)
    register(own_state, "bob")
    with pytest.raises(AccessDeniedError, match="nothing was read"):
        gold.now()
    own_state.tenants.unlink()
    with pytest.raises(RegistryError):
        gold.now()


def test_a_build_is_shown_when_it_is_done_and_waited_for_meanwhile(own_state, monkeypatch):
    monkeypatch.setattr("lakehouse.homes.embedded.governed.WAIT_SECONDS", 0.0)
    monkeypatch.setattr("lakehouse.dashboard.gold.embedded.RETRY_SECONDS", 0.0)
    gold = EmbeddedGold("analyst@ann", own_state, EVERY)
    before = gold.now()
    assert gold.now() is before
    # A file that is no database reads like one that is being written.
    complete = own_state.duckdb.read_bytes()
    own_state.duckdb.write_bytes(b"being written")
    during = gold.now()
    assert during.note and during.ask(QUESTIONS[0], {}).equals(before.ask(QUESTIONS[0], {}))
    own_state.duckdb.write_bytes(complete)
    with duckdb.connect(str(own_state.duckdb)) as build:
        build.execute("update lakehouse_gold.revenue_metrics set total_revenue = 1")
    after = gold.now()
    question, values = sections.overview.QUESTIONS[0], {"tenant": SHOPS["ann"][0]}
    assert after.note is None
    assert not after.ask(question, values).equals(before.ask(question, values))


def test_a_table_that_the_registry_does_not_give_is_said_to_be_missing(page, own_state):
    register(
        own_state, "ann", tables=tuple(t for t in column_types() if t != "product_performance")
    )
    test = page("analyst@ann", "products", folder=own_state)
    assert not test.exception
    assert any("product_performance" in info.value for info in test.info)
    assert drawn(test, "vega_lite_chart")


def test_a_tenant_without_any_row_gets_an_explanation(page, own_state):
    with duckdb.connect(str(own_state.duckdb)) as gold:
        for mart in column_types():
            if mart != "dim_tenant":
                gold.execute(f"delete from lakehouse_gold.{mart}")
    test = page("analyst@ann", folder=own_state)
    assert not test.exception
    assert any("no customers, orders or subscriptions yet" in info.value for info in test.info)


@pytest.mark.parametrize(
    ("kept", "key"),
    [
        ("revenue_metrics", "report"),
        ("customer_metrics", "overview"),
        ("fct_subscription_months", "report"),
    ],
)
def test_every_page_of_a_tenant_with_next_to_nothing_explains_itself(page, own_state, kept, key):
    with duckdb.connect(str(own_state.duckdb)) as gold:
        for mart in set(column_types()) - {"dim_tenant", kept}:
            gold.execute(f"delete from lakehouse_gold.{mart}")
    test = page("analyst@ann", key, folder=own_state)
    assert not test.exception
    assert test.info


def test_a_text_is_no_formula_in_a_spreadsheet(own_state):
    with duckdb.connect(str(own_state.duckdb)) as gold:
        gold.execute("update lakehouse_gold.dim_product set product_name = '=cmd|x'")
    view = view_of_ann(own_state)
    [table] = [t for t in sections.products.read(view).values() if t.question.name == "products"]
    assert ",=cmd" not in export.csv(table).decode()
    with ZipFile(BytesIO(export.workbook(view, [table]))) as book:
        sheets = [book.read(n).decode() for n in book.namelist() if "worksheets/" in n]
    assert not any("<f>" in sheet for sheet in sheets)


def desk_of(principal: str, state: State) -> Desk:
    return open_desk(Settings(principal), EmbeddedGold(principal, state, EVERY))


def test_the_report_has_the_tables_of_every_page(view):
    named = {q.name for section in sections.DETAILS for q in section.questions}
    assert set(app.REPORT.read(view)) == named
