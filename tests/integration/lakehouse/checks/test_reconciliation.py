"""Reconciliation finds each way in which a layer can differ from the source, and nothing else."""

from decimal import Decimal

import duckdb
import psycopg2
import pytest

from lakehouse.checks.reconciliation.compare import MAX_DIFFERENCES, compare
from lakehouse.checks.reconciliation.layers import (
    compared_columns,
    create_bronze_rows,
    create_silver_rows,
    create_source_rows,
)
from lakehouse.dms.task import ReplicationTask
from lakehouse.homes.embedded.source_app import manage
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze

NEXT_DAY = "2026-01-03 00:00:00.000000"


def after_load(number):
    """Change sequences of the hundredth of a second after the fake's load."""
    return int(f"2026010203040501{number:019d}")


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


@pytest.fixture
def orders(contracts):
    return contracts["order"]


@pytest.fixture
def replayed(connection, bronze, orders):
    """Ids and statuses of the live orders after replaying these Bronze files."""

    def replay(**files):
        for name, rows in files.items():
            file = "LOAD00000001.parquet" if name == "load" else cdc_name(int(name[1:]))
            write_bronze(bronze, orders, file, rows)
        create_bronze_rows(connection, bronze, orders, "bronze")
        return dict(connection.execute("select id, status from bronze").fetchall())

    return replay


def test_bronze_is_replayed_by_sequence_whatever_the_files_are_called(replayed, orders):
    assert replayed(
        load=[bronze_row(orders, "I", 0, id=i, status="pending") for i in "abc"],
        c2=[bronze_row(orders, "U", after_load(5), id="a", status="processing")],
        c1=[
            bronze_row(orders, "U", after_load(9), id="a", status="completed"),
            bronze_row(orders, "D", after_load(8), id="b"),
        ],
    ) == {"a": "completed", "c": "pending"}


def test_a_newer_load_replaces_what_it_does_not_hold(replayed, orders):
    newer = {"dms_committed_at": NEXT_DAY}
    assert replayed(
        load=[bronze_row(orders, "I", 0, id="a", status="pending", **newer)],
        c1=[
            bronze_row(orders, "I", after_load(1), id="b", status="pending"),
            bronze_row(orders, "U", after_load(2), id="a", status="completed"),
        ],
    ) == {"a": "pending"}


def test_a_file_that_cannot_be_read_is_left_out_and_named(replayed, connection, bronze, orders):
    assert replayed(load=[bronze_row(orders, "I", 0, id="a", status="pending")]) == {"a": "pending"}
    (load,) = bronze.rglob("LOAD*")
    broken, empty = load.with_name("20260103-000000001.parquet"), load.with_name("x.parquet")
    broken.write_bytes(load.read_bytes()[:200])
    empty.write_bytes(b"")
    assert create_bronze_rows(connection, bronze, orders, "bronze") == [broken, empty]
    assert connection.execute("select id from bronze").fetchall() == [("a",)]


def test_without_files_there_are_no_rows(replayed):
    assert replayed() == {}


@pytest.mark.postgres
@pytest.mark.slow
def test_source_and_bronze_agree_after_load_and_live_changes(
    shop, bronze, tmp_path, contracts, connection
):
    slot = psycopg2.extensions.parse_dsn(shop)["dbname"]
    settings = {"dsn": shop, "bronze": bronze, "state_dir": tmp_path, "slot": slot}
    task = ReplicationTask(contracts=contracts, **settings)
    manage(shop, "seed_all", "--seed", "3", quiet=True)
    task.full_load()
    manage(shop, "apply_demo_changes", quiet=True)
    with psycopg2.connect(shop) as source:
        behind = list(comparisons(connection, source, bronze, contracts))
    task.catch_up()
    with psycopg2.connect(shop) as source:
        caught_up = list(comparisons(connection, source, bronze, contracts))
    task.drop()

    assert not all(comparison.agrees for comparison in behind)
    assert [c.differences for c in caught_up] == [()] * 8
    assert all(comparison.agrees for comparison in caught_up)
    assert sum(t.wanted_rows for c in caught_up for t in c.tenants) > 17_000


def comparisons(connection, source, bronze, contracts):
    for contract in contracts.values():
        create_source_rows(connection, source, contract, "source")
        create_bronze_rows(connection, bronze, contract, "bronze")
        yield compare(connection, contract, wanted="source", found="bronze")


@pytest.fixture
def two_tables(connection, bronze, orders):
    """Two equal tables of three orders of tenants t and u."""
    rows = [
        bronze_row(orders, "I", 0, tenant_id=tenant, id=key)
        for tenant, key in (("t", "a"), ("t", "b"), ("u", "c"))
    ]
    write_bronze(bronze, orders, "LOAD00000001.parquet", rows)
    for name in ("wanted", "found"):
        create_bronze_rows(connection, bronze, orders, name)
    return connection


def compared(connection, orders):
    return compare(connection, orders, wanted="wanted", found="found")


def test_equal_tables_agree_and_show_their_sums(two_tables, orders):
    result = compared(two_tables, orders)
    assert result.agrees
    assert [(t.tenant_id, t.wanted_rows, t.found_rows) for t in result.tenants] == [
        ("t", 2, 2),
        ("u", 1, 1),
    ]
    assert result.tenants[0].sums["subtotal"] == (Decimal("22.50"), Decimal("22.50"))


@pytest.mark.parametrize(
    ("statement", "problem", "columns"),
    [
        ("delete from found where id = 'a'", "missing", ()),
        ("delete from wanted where id = 'a'", "unexpected", ()),
        ("update found set tax = tax + 0.01 where id = 'a'", "differs", ("tax",)),
        ("update found set completed_at = null where id = 'a'", "differs", ("completed_at",)),
        ("update wanted set metadata = null where id = 'a'", "differs", ("metadata",)),
    ],
)
def test_each_difference_is_named(two_tables, orders, statement, problem, columns):
    two_tables.execute(statement)
    result = compared(two_tables, orders)
    assert not result.agrees
    (difference,) = result.differences
    assert (difference.tenant_id, difference.id) == ("t", "a")
    assert (difference.problem, difference.columns) == (problem, columns)
    assert [t.tenant_id for t in result.tenants if not t.agrees] == ["t"]


def test_a_row_that_moved_to_another_tenant_is_missing_and_unexpected(two_tables, orders):
    two_tables.execute("update found set tenant_id = 'u' where id = 'a'")
    problems = {d.tenant_id: d.problem for d in compared(two_tables, orders).differences}
    assert problems == {"t": "missing", "u": "unexpected"}


def test_only_the_first_differences_are_listed_but_all_are_counted(two_tables, orders):
    many = MAX_DIFFERENCES + 5
    two_tables.execute(
        f"insert into found select * exclude (i) replace ('n' || i as id) from ("
        f"  select f.*, i from found f, range({many}) n(i) where f.id = 'a')"
    )
    result = compared(two_tables, orders)
    assert len(result.differences) == MAX_DIFFERENCES
    assert sum(t.unexpected for t in result.tenants) == many


def test_silver_is_compared_by_the_values_that_the_source_has(connection, contracts):
    """Silver's own total is another number; source_total is what the source stored."""
    order = contracts["order"]
    assert "total" in [c.name for c in compared_columns(order)]
    columns = ", ".join(
        f"'{'kept' if c.name == 'source_total' else 'own'}' as \"{c.name}\""
        for c in (*order.columns, *order.derived)
    )
    connection.execute("create schema lakehouse_silver")
    connection.execute(
        f'create table lakehouse_silver."order" as select {columns}, false as is_deleted'
    )
    create_silver_rows(connection, order, "silver")
    assert connection.execute("select total, subtotal from silver").fetchall() == [("kept", "own")]
