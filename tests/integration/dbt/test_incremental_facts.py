"""Incremental facts equal a full refresh, whatever happened to Silver in between.

LAKEHOUSE_FACT_STORMS says how many storms (default 3), LAKEHOUSE_STORM_SEED which.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot

from tests.integration.dbt.dbt_process import run_dbt
from tests.integration.dbt.storm import DAYS, FIRST, SilverStorm

pytestmark = [pytest.mark.dbt, pytest.mark.slow]

STORMS = int(os.environ.get("LAKEHOUSE_FACT_STORMS", "3"))
SEED = int(os.environ.get("LAKEHOUSE_STORM_SEED", "1"))
# Incremental models with their folder and schema.
FACTS = {
    "fct_orders": ("marts/core", "lakehouse_gold"),
    "fct_order_items": ("marts/core", "lakehouse_gold"),
    "fct_sessions": ("marts/core", "lakehouse_gold"),
    "int_sessions__traced": ("intermediate", "lakehouse_staging"),
}
Tables = dict[str, list[tuple[Any, ...]]]


def run_facts(folder: Path, storm: int, *options: str) -> None:
    """Build the facts and the views below them; now and then a day has passed."""
    today = (FIRST + timedelta(days=DAYS - 10 + storm // 2)).date()
    chosen = ("--select", *(f"+{fact}" for fact in FACTS), "--vars", f"{{as_of_date: '{today}'}}")
    run_dbt(folder, "run", *chosen, *options)


@contextmanager
def warehouse(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(folder / "lakehouse.duckdb") as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


def rows_of(connection: duckdb.DuckDBPyConnection, queries: dict[str, str]) -> Tables:
    return {
        fact: connection.execute(f"select * from ({query}) order by all").fetchall()
        for fact, query in queries.items()
    }


def test_incremental_facts_equal_a_full_refresh_after_random_storms(tmp_path):
    storm = SilverStorm(SEED)
    with warehouse(tmp_path) as connection:
        storm.begin(connection)
    run_facts(tmp_path, 0)
    models = tmp_path / "target/compiled/lakehouse/dbt_project/models"
    files = {fact: models / folder / f"{fact}.sql" for fact, (folder, _) in FACTS.items()}
    # What the first run executed takes every row of the views below it: a full refresh.
    whole = {fact: file.read_text() for fact, file in files.items()}
    tables = {fact: f"from {schema}.{fact}" for fact, (_, schema) in FACTS.items()}
    columns = {}
    with warehouse(tmp_path) as connection:
        before = rows_of(connection, tables)
        for fact, table in tables.items():
            names = connection.execute(f"describe {table}").fetchall()
            columns[fact] = ", ".join(name for name, *_ in names)
    whole = {fact: f"select {columns[fact]} from ({query})" for fact, query in whole.items()}
    changed: set[str] = set()
    for number in range(1, STORMS + 1):
        with warehouse(tmp_path) as connection:
            storm.rage(connection)
        run_facts(tmp_path, number)
        with warehouse(tmp_path) as connection:
            incremental, full = rows_of(connection, tables), rows_of(connection, whole)
        assert incremental == full, f"storm {number} of seed {SEED}"
        changed |= {fact for fact in FACTS if incremental[fact] != before[fact]}
        before = incremental
    assert changed == set(FACTS), "no storm changed the others"
    for fact, file in files.items():
        merged = sqlglot.parse_one(file.read_text(), read="athena").sql().lower()
        assert f'"{fact}"' in merged, "the last run did not ask what the table holds"
    run_facts(tmp_path, STORMS, "--full-refresh")
    with warehouse(tmp_path) as connection:
        assert rows_of(connection, tables) == before
