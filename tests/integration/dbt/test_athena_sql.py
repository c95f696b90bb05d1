"""What dbt writes for Athena, without an Athena: compiled offline, parsed, and run on DuckDB.

sqlglot translates Athena's SQL to DuckDB's by Athena's meaning (a sequence, the division of whole
numbers), so equal results say that both forms of a macro mean the same. The real engine is asked
elsewhere.
"""

import json
import re
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot.errors import ErrorLevel
from sqlglot.optimizer.annotate_types import annotate_types

from tests.integration.dbt.by_hand import TODAY, fill_silver
from tests.integration.dbt.dbt_process import run_dbt
from tests.oracle.oracle import MARTS

pytestmark = pytest.mark.dbt
# A full refresh does not look for the tables that it replaces.
OFFLINE = ("--target", "athena", "--no-populate-cache", "--no-introspect", "--full-refresh")
MODELS = ("--select", "resource_type:model")
LAYERS = ("staging", "intermediate", "marts")
PARTITIONS_A_STATEMENT, MONTHS = 100, 12
# Known only to DuckDB; Athena and the linter would refuse them.
FORBIDDEN = ("qualify", "group by all", "exclude (", "::", "ilike", "current_date", "now()")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """Models as dbt compiles them for Athena, by id."""
    folder = tmp_path_factory.mktemp("athena")
    run_dbt(folder, "compile", *OFFLINE, *MODELS, "--vars", f"{{as_of_date: '{TODAY}'}}")
    nodes = json.loads((folder / "target" / "manifest.json").read_text())["nodes"]
    return {k: n for k, n in nodes.items() if n["resource_type"] == "model"}


@pytest.fixture(scope="module")
def compiled(models: dict[str, dict]) -> dict[str, str]:
    """Compiled SQL for Athena by model name, a model after those that it reads."""
    return {models[key]["name"]: models[key]["compiled_code"] for key in in_order(models)}


def in_order(models: dict[str, dict]) -> list[str]:
    """Model ids, parents first."""
    done: list[str] = []
    while len(done) < len(models):
        done += [
            key
            for key, node in models.items()
            if key not in done
            and all(p in done for p in node["depends_on"]["nodes"] if p in models)
        ]
    return done


@pytest.fixture(scope="module")
def gold_of_athena(compiled: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """Gold computed from the SQL for Athena; Silver's timestamps are plain ones, as Athena's."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as awsdatacatalog; use awsdatacatalog")
    connection.execute("set timezone = 'UTC'")
    fill_silver(connection)
    drop_time_zones(connection)
    # Athena's aggregate of a set of rows, whatever their order (Trino, "Aggregate functions").
    connection.execute("create macro checksum(value) as sum(hash(value))")
    connection.execute("create schema lakehouse_staging; create schema lakehouse_gold")
    for name, sql in compiled.items():
        schema = "lakehouse_staging" if name.startswith(("stg_", "int_")) else "lakehouse_gold"
        connection.execute(f"create table {schema}.{name} as {as_duckdb(sql)}")
    return connection


def as_duckdb(sql: str) -> str:
    """Athena's SQL in DuckDB's; the types tell a division of whole numbers from others."""
    tree = annotate_types(sqlglot.parse_one(sql, read="athena"), dialect="athena")
    return tree.sql("duckdb")


def drop_time_zones(connection: duckdb.DuckDBPyConnection) -> None:
    """Turn every TIMESTAMPTZ column of Silver into a TIMESTAMP in UTC."""
    columns = connection.execute(
        "select table_name, column_name from information_schema.columns"
        " where data_type = 'TIMESTAMP WITH TIME ZONE'"
    ).fetchall()
    for table, column in columns:
        connection.execute(
            f'alter table lakehouse_silver."{table}" alter "{column}" type timestamp'
        )


def test_the_catalog_gets_every_description(models):
    """On DuckDB columns go without: see dbt_project.yml."""
    kept = {node["name"]: node["config"]["persist_docs"] for node in models.values()}
    assert {
        name for name, docs in kept.items() if not (docs["relation"] and docs["columns"])
    } == set()


def test_every_model_parses_as_athena_without_what_only_duckdb_knows(compiled):
    for name, sql in compiled.items():
        sqlglot.parse_one(sql, read="athena", error_level=ErrorLevel.RAISE)
        found = [word for word in FORBIDDEN if word in sql.lower()]
        assert found == [], name


def test_every_model_that_duckdb_runs_parses_as_athena_too(built: Path):
    files = [
        file
        for layer in LAYERS
        for file in (built / "target/compiled/lakehouse/dbt_project/models" / layer).rglob("*.sql")
        if ".yml" not in str(file)
    ]
    assert len(files) >= 24
    for file in files:
        sqlglot.parse_one(file.read_text(), read="athena", error_level=ErrorLevel.RAISE)


def test_no_number_with_a_point_stands_without_a_type(compiled):
    """For Athena 0.01 is a double, for DuckDB a decimal."""
    for name, sql in compiled.items():
        numbers = sqlglot.parse_one(sql, read="athena").find_all(sqlglot.exp.Literal)
        points = [n for n in numbers if not n.is_string and "." in n.this]
        assert [n.this for n in points if not isinstance(n.parent, sqlglot.exp.Cast)] == [], name


def test_both_forms_of_the_sql_give_the_same_gold(compiled, gold, gold_of_athena):
    marts = [name for name in compiled if not name.startswith(("stg_", "int_"))]
    assert set(marts) >= set(MARTS)
    for mart in marts:
        here = gold.execute(f"select * from {mart} order by all").fetchall()
        there = gold_of_athena.execute(
            f"select * from lakehouse_gold.{mart} order by all"
        ).fetchall()
        assert here, mart
        assert here == there, mart


def test_a_year_of_a_fact_opens_at_most_a_hundred_partitions_however_many_tenants(models):
    """Athena writes no more in one statement (user guide, "CTAS and INSERT INTO limitations").

    A year of days is twelve months; dbt-athena writes a longer first build in several statements.
    """
    configs = {node["name"]: node["config"] for node in models.values()}
    partitioned = {name for name, config in configs.items() if config.get("partitioned_by")}
    assert partitioned == {n for n, c in configs.items() if c["materialized"] == "incremental"}
    for name in partitioned:
        tenants, days = configs[name]["partitioned_by"]
        buckets = re.fullmatch(r"bucket\(tenant_id, (\d+)\)", tenants)
        assert buckets and re.fullmatch(r"month\(\w+\)", days), name
        assert int(buckets[1]) * MONTHS <= PARTITIONS_A_STATEMENT, name
