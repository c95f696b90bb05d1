"""A lost slot and a reload, from the source to Silver: what vanished meanwhile is gone there."""

from contextlib import closing

import duckdb
import psycopg2
import pytest

from lakehouse.checks.reconciliation import reconcile
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.source_app import manage
from lakehouse.stages.replicate import reload, replicate
from lakehouse.stages.silver import build_silver, chosen_contracts

# As few as show it: a table takes a second or two of Spark each time.
TABLES = ("event", "invoice", "product")

pytestmark = [pytest.mark.spark, pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def home(shop, state, spark, monkeypatch):
    monkeypatch.setattr(EmbeddedHome, "spark", spark)
    monkeypatch.setattr(EmbeddedHome, "dsn", lambda self: shop)
    return EmbeddedHome(state)


def execute(home, *statements):
    with closing(psycopg2.connect(home.dsn())) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        for statement in statements:
            cursor.execute(statement)


def unlike_the_source(home):
    return [
        f"{result.table} in {comparison.found}: {difference}"
        for result in reconcile(home.dsn(), home.state, chosen_contracts(home, TABLES))
        for comparison in result.comparisons
        for difference in comparison.differences
    ]


def test_a_reload_reads_what_the_log_still_tells(home):
    """Else a history would know of the last version alone, and from the load's start on."""
    manage(home.dsn(), "seed_all", "--scale", "small", "--seed", "7", quiet=True)
    number = replicate(home).by_table["core_product"]
    for price in (10, 20):
        execute(home, f"update core_product set price = {price}")

    report = reload(home, ["product"])

    assert report.warnings == ()
    found = duckdb.sql(
        f"""
        select price, count(*), count(distinct dms_committed_at)
        from read_parquet('{home.state.bronze}/public/core_product/*/*/*/*.parquet')
        group by price order by price
        """
    ).fetchall()
    assert found == [(10, number, 1), (20, number, 1)]


def test_rows_that_vanished_while_the_slot_was_lost_are_deleted_in_silver(home):
    manage(home.dsn(), "seed_all", "--scale", "small", "--seed", "7", quiet=True)
    replicate(home)
    build_silver(home, TABLES)
    execute(
        home,
        "select pg_drop_replication_slot(slot_name) from pg_replication_slots "
        "where database = current_database()",
        # One table becomes empty, one loses rows, one changes.
        "delete from core_event",
        "delete from core_invoice where id::text < '8'",
        "update core_product set stock_quantity = stock_quantity + 1",
    )

    report = reload(home)
    assert [w for w in report.warnings if "not in Bronze" in w]
    results = {result.table: result for result in build_silver(home, TABLES)}

    assert report.by_table["core_event"] == 0
    assert results["event"].rows_deleted > 0
    assert unlike_the_source(home) == []

    execute(home, "delete from core_invoice where id::text < '9'")
    reload(home, ["invoice", "event"])
    execute(home, "delete from core_invoice where id::text < 'a'")
    replicate(home)
    build_silver(home, TABLES)
    assert unlike_the_source(home) == []
