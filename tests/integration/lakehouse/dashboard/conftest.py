"""Pages of the dashboard run in this process, on a made-up Gold of three tenants."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lakehouse.dashboard.settings import PRINCIPAL
from lakehouse.governance.registry import Registry, Tenant, write_registry
from lakehouse.state import STATE_VARIABLE, State
from tests.fakes.gold import LAST_DAY, column_types, make_gold

# Cyd is not registered; only who sees all tenants sees that it is there.
SHOPS = {
    "ann": ("00000000-0000-4000-8000-00000000000a", "EUR"),
    "bob": ("00000000-0000-4000-8000-00000000000b", "USD"),
    "cyd": ("00000000-0000-4000-8000-00000000000c", "GBP"),
}
# What the whole page does, for one section and without the menu, which takes a browser to use.
SCRIPT = """
from lakehouse.dashboard import app, sections
desk = app.desk_of_process()
every = (sections.OVERVIEW, *sections.DETAILS, sections.TENANTS, app.REPORT)
section = next(section for section in every if section.key == {key!r})
app.show_section(desk, app.chosen_tenant(desk), section)
"""
Page = Callable[..., AppTest]
Seen = dict[tuple, AppTest]


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    """A state folder with Gold and a registry, to be changed by no test."""
    state = State(tmp_path_factory.mktemp("dashboard"))
    make_gold(state.duckdb, SHOPS)
    register(state, "ann", "bob")
    return state


@pytest.fixture
def own_state(state: State, tmp_path: Path) -> State:
    """A copy, to be changed."""
    for file in (state.duckdb, state.tenants):
        shutil.copy(file, tmp_path)
    return State(tmp_path)


def register(state: State, *slugs: str, tables: tuple[str, ...] | None = None) -> None:
    """Let these in, and nobody else."""
    entries = {slug: Tenant(slug, SHOPS[slug][0]) for slug in slugs}
    write_registry(state.tenants, Registry(tables or tuple(column_types()), entries))


@pytest.fixture(scope="session")
def seen() -> Iterator[Seen]:
    """Pages that were run before."""
    pages: Seen = {}
    yield pages
    pages.clear()
    st.cache_resource.clear()  # or DuckDB complains of connections that outlive it


@pytest.fixture
def page(state: State, seen: Seen, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Runs the page of a section as that principal, of that tenant, up to that day.

    The same page is run once; ask for a fresh one to click on it.
    """

    def run(
        principal: str,
        key: str = "overview",
        tenant: str | None = None,
        as_of: date | None = None,
        folder: State = state,
        fresh: bool = False,
    ) -> AppTest:
        wanted = (principal, key, tenant, as_of, folder)
        if fresh or wanted not in seen:
            seen[wanted] = look(*wanted)
        return seen[wanted]

    def look(
        principal: str, key: str, tenant: str | None, as_of: date | None, folder: State
    ) -> AppTest:
        monkeypatch.setenv(STATE_VARIABLE, str(folder.root))
        monkeypatch.setenv(PRINCIPAL, principal)
        test = AppTest.from_string(SCRIPT.format(key=key), default_timeout=60)
        if tenant:
            test.query_params["tenant"] = tenant
        if as_of:
            test.session_state[f"as_of_{tenant or principal[8:]}_{LAST_DAY}"] = as_of
        return test.run()

    return run


@pytest.fixture
def gold(state: State) -> Iterator[duckdb.DuckDBPyConnection]:
    """All of Gold, past every policy."""
    with duckdb.connect(str(state.duckdb), read_only=True) as connection:
        connection.execute("use lakehouse_gold")
        yield connection


def elements(block: Any) -> Iterator[Any]:
    """What a page has drawn, containers and their content."""
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from elements(child)


def drawn(test: AppTest, kind: str) -> list[Any]:
    """The elements of that kind, in the main part and in the sidebar."""
    return [e for part in (test.main, test.sidebar) for e in elements(part) if e.type == kind]
