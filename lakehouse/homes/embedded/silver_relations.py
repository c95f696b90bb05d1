"""Silver as relations in DuckDB: one view per table over the Parquet files of its last commit."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from contracts import Contract, DerivedTable, derived_tables
from lakehouse.homes.embedded.hudi_folder import is_table, read_table
from spark_bronze_to_silver.schemas import silver_columns

SCHEMA = "lakehouse_silver"
# Spark SQL types as DuckDB sees them in a Parquet file; the rest have the same name in both.
DUCKDB_TYPES = {
    "string": "varchar",
    "int": "integer",
    "timestamp": "timestamp with time zone",
    "array<string>": "varchar[]",
}


def create_silver_views(
    connection: duckdb.DuckDBPyConnection, silver: Path, contracts: Iterable[Contract]
) -> None:
    """(Re)create `lakehouse_silver.<table>` for every contract and what is derived from it.

    Nothing is copied.

    A view reads the files that were current when it was made, so it is made anew whenever a
    connection is opened. A table that has no rows yet, and a column that no file has yet, are
    there all the same, empty, as the contract describes them.
    """
    contracts = list(contracts)
    for table in (*contracts, *derived_tables(contracts)):
        create_silver_view(connection, table, current_files(silver / table.name))


def create_silver_view(
    connection: duckdb.DuckDBPyConnection, contract: Contract | DerivedTable, files: Sequence[str]
) -> None:
    """(Re)create the contract's view over these Parquet files."""
    connection.execute(f"create schema if not exists {SCHEMA}")
    query = _query(connection, files, contract)
    connection.execute(f'create or replace view {SCHEMA}."{contract.name}" as {query}')


def current_files(table: Path) -> list[str]:
    """Parquet files of the table's last completed commit; empty when there is no table."""
    if not is_table(table):
        return []
    slices = read_table(table, lambda hudi: hudi.get_file_slices())
    return sorted(f"{table}/{s.base_file_relative_path()}" for s in slices)


def _query(
    connection: duckdb.DuckDBPyConnection, files: Sequence[str], contract: Contract | DerivedTable
) -> str:
    wanted = {n: DUCKDB_TYPES.get(t, t) for n, t in silver_columns(contract).items()}
    if not files:
        return f"select {_nulls(wanted)} where false"
    listed = ", ".join("'" + f.replace("'", "''") + "'" for f in files)
    scan = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
    found = {row[0] for row in connection.execute(f"describe select * from {scan}").fetchall()}
    missing = {n: t for n, t in wanted.items() if n not in found}
    return f"select *{', ' + _nulls(missing) if missing else ''} from {scan}"


def _nulls(columns: dict[str, str]) -> str:
    return ", ".join(f'cast(null as {t}) as "{n}"' for n, t in columns.items())
