"""Every tenant, table, role and way to ask: what is seen is what may be seen.

`pytest -s` shows the matrix.
"""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest

from lakehouse.checks.isolation import ATTACKS, Cell, Principal, probe
from lakehouse.checks.isolation.routes import Target
from lakehouse.errors import LakehouseError
from lakehouse.governance.roles import read_roles
from tests.integration.lakehouse.isolation.conftest import (
    ANN,
    BOB,
    CYD,
    PERSONAL,
    ROWS,
    bare,
    secret,
)

pytestmark = pytest.mark.slow

PEOPLE = ("admin", "engineer", "analyst")
EVERYBODY = ("analyst@ann", "analyst@bob", *PEOPLE)


def principal_of(name: str, made_up) -> Principal:
    """What must hold, from the made-up data and the list of personal columns alone."""
    tenants = {"analyst@ann": {ANN}, "analyst@bob": {BOB}}.get(name, {*ROWS, ""})
    others = set(ROWS) - tenants
    readable, forbidden = {}, set(others)
    for facts in made_up.facts.values():
        is_gold = facts.table.startswith("lakehouse_gold")
        table = bare(facts.table)
        personal = set() if is_gold else set(PERSONAL.get(table, "").split())
        hidden = personal if name not in ("admin", "engineer") else set()
        forbidden |= {secret(t, table, c) for t in others for c in facts.columns}
        forbidden |= {secret(t, table, c) for t in ROWS for c in hidden}
        if name in PEOPLE or (is_gold and "tenant_id" in facts.columns):
            readable[facts.table] = tuple(c for c in facts.columns if c not in hidden)
    tables, heard_of = set(map(bare, made_up.facts)), set(map(bare, readable))
    # DuckDB's own catalog has a word that is also a table's name.
    unknown = frozenset((tables - heard_of) | {"undescribed"}) - {"session"}
    other = BOB if name == "analyst@ann" else ANN
    return Principal(name, readable, frozenset(tenants), frozenset(forbidden), other, unknown)


def shown(cells: list[Cell]) -> str:
    """A line for each principal and table: the routes' outcomes, the most frequent first."""
    lines = Counter((c.principal, c.table or "files and catalogs", c.seen) for c in cells)
    return "\n".join(f"{p:12} {t:42} {seen} ({n})" for (p, t, seen), n in sorted(lines.items()))


def test_the_matrix(made_up, capsys):
    cells: list[Cell] = []
    files = [(f, str(made_up.state.duckdb)) for f in (made_up.files["customer"],)]
    files.append((str(made_up.state.duckdb), str(made_up.state.duckdb)))
    for name in EVERYBODY:
        with made_up.open(name) as connection:
            principal = principal_of(name, made_up)
            cells += probe(connection, principal, made_up.facts.values(), files)
    with capsys.disabled():
        print(f"\n{shown(cells)}\n{len(cells)} cells")

    assert [c for c in cells if not c.holds] == []
    assert len(cells) > 4000
    assert {c.seen for c in cells if c.principal == "analyst@ann" and c.route == "select"} == {
        "refused",
        *(c.seen for c in cells if c.principal == "analyst@ann" and c.seen.startswith("3 rows")),
    }


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_database_itself_is_locked_whatever_the_statement(made_up, name):
    """The second wall: the same attacks without the check of statements before it."""
    everything = duckdb.connect().sql("select 1 as leaked").to_arrow_table()  # noqa: F841
    opened = []
    with made_up.open(name) as connection:
        for file in (made_up.files["customer"], str(made_up.state.duckdb)):
            target = Target("x", file=file, database=str(made_up.state.duckdb))
            for route in ATTACKS:
                if route.expected != "refused" or route.name in HARMLESS:
                    continue
                try:
                    connection._database.execute(route.sql(target)).fetchall()
                    opened.append(route.name)
                except duckdb.Error:
                    pass
    assert opened == []


# They reach nothing: an empty database in memory, a list of databases that has one line, no
# statement at all, and a secret for a file system that is closed.
HARMLESS = {"attach memory", "pragma list", "call", "nothing", "secret"}


def test_a_connection_that_is_not_closed_would_be_noticed(made_up):
    """The attacks do work where nothing guards; otherwise the matrix would prove nothing."""
    everything = duckdb.connect().sql("select 1 as leaked").to_arrow_table()  # noqa: F841
    target = Target("x", file=made_up.files["customer"], database=str(made_up.state.duckdb))
    attacks = {route.name: route.sql(target) for route in ATTACKS}
    with duckdb.connect() as unguarded:
        for name in ("read_parquet", "file as table", "nested", "read_blob", "python variable"):
            assert unguarded.sql(attacks[name]).fetchall(), name
        unguarded.execute(attacks["attach"])
        assert unguarded.sql("from stolen.lakehouse_gold.mrr_metrics").fetchall()


def test_a_filter_that_filters_nothing_fails_the_matrix(made_up, monkeypatch):
    open_roles = replace(read_roles(), row_filter="'{tenant_id}' <> ''")
    monkeypatch.setattr("lakehouse.governance.policy.read_roles", lambda: open_roles)
    principal = principal_of("analyst@ann", made_up)
    mart = made_up.facts["lakehouse_gold.mrr_metrics"]
    with made_up.open("analyst@ann") as connection:
        cells = list(probe(connection, principal, [mart], []))
    assert {c.seen for c in cells if not c.holds} == {f"LEAK of {BOB}"}


@pytest.mark.parametrize(
    ("principal", "words"),
    [
        ("analyst@cyd", "no tenant 'cyd' is registered"),
        ("analyst@", "no tenant '' is registered"),
        ("analyst@ann' or true --", "is registered"),
        ("engineer@ann", "is no principal"),
        ("nobody", "is no principal"),
        ("", "is no principal"),
        ("ANALYST", "is no principal"),
    ],
)
def test_who_is_unknown_is_let_in_nowhere(made_up, principal, words):
    with pytest.raises(LakehouseError, match=words):
        made_up.open(principal)


def test_a_tenant_that_is_not_registered_has_rows_but_no_way_to_them(made_up):
    with made_up.open("engineer") as connection:
        sql = f"select count(*) from lakehouse_gold.mrr_metrics where tenant_id = '{CYD}'"
        assert connection.query(sql).rows() == [(ROWS[CYD],)]


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_table_or_column_that_nobody_described_is_refused(made_up, name):
    with made_up.open(name) as connection:
        with pytest.raises(LakehouseError, match=r"undescribed, or no policy covers"):
            connection.query("select * from lakehouse_gold.undescribed")
        assert "undescribed" not in connection.query("from lakehouse_gold.mrr_metrics").columns


def test_gold_has_no_past_and_silver_is_not_a_tenants(made_up):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(LakehouseError, match="only Silver is kept as it was"):
        made_up.open("analyst@ann", as_of=moment)
