"""The live rows of one table in each layer, as DuckDB tables of the same columns and types.

Grain of each: one row per (tenant_id, id). Columns: `tenant_id`, `id`, then the source columns that
Silver keeps as they are, under the source's names.
"""

import tempfile
from datetime import datetime
from pathlib import Path

import duckdb
import psycopg2.extensions
from psycopg2 import sql

from contracts import Column, Contract
from lakehouse.checks.bronze_files import is_readable
from lakehouse.dms.change_seq import time_part
from lakehouse.homes.embedded.silver_relations import DUCKDB_TYPES, SCHEMA

# A Bronze file's name as its readers accept it: not hidden, not a marker.
BRONZE_FILES = "[!._]*.parquet"


def compared_columns(contract: Contract) -> list[Column]:
    """The source columns that Silver holds unchanged, under their own name or as source_<name>."""
    return [c for c in contract.columns if not c.is_rewritten or _kept_as(contract, c) != c.name]


def create_source_rows(
    connection: duckdb.DuckDBPyConnection,
    source: psycopg2.extensions.connection,
    contract: Contract,
    name: str,
) -> None:
    """Copy the source table into the DuckDB table `name`, through a file of its text form."""
    columns = contract.columns
    copy = sql.SQL("copy {}.{} ({}) to stdout (format csv, force_quote *)").format(
        sql.Identifier(contract.source_schema),
        sql.Identifier(contract.source_table),
        sql.SQL(", ").join(sql.Identifier(c.name) for c in columns),
    )
    with tempfile.TemporaryDirectory(prefix="reconcile-") as folder:
        file = Path(folder) / "rows.csv"
        with file.open("wb") as sink, source.cursor() as cursor:
            cursor.copy_expert(copy, sink, size=1 << 20)
        names = ", ".join(f"{_text(c.name)}: 'varchar'" for c in columns)
        scan = (
            f"read_csv({_text(str(file))}, columns = {{{names}}}, header = false, delim = ',', "
            "quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, "
            "auto_detect = false, max_line_size = 1073741824, parallel = false)"
        )
        connection.execute(
            f"create or replace temp table {name} as select {_selected(contract)} from {scan}"
        )


def create_bronze_rows(
    connection: duckdb.DuckDBPyConnection,
    bronze: Path,
    contract: Contract,
    name: str,
    load_started: datetime | None = None,
) -> list[Path]:
    """Replay the table's Bronze files into the DuckDB table `name`; returns those left out.

    Left out is what cannot be read, as Silver does. What only such a file holds shows as missing.

    The newest version of a key is the one that sorts last: a change by its sequence, a full-load
    row by the moment its load began. A key whose newest version is a delete, or older than the
    newest load (so the load did not find it), is not there. load_started is the newest load's
    start by the task's state: a table that was empty then has no file that says it.
    """
    there = sorted((bronze / contract.bronze_folder).rglob(BRONZE_FILES))
    readable = {file: is_readable(file) for file in there}
    files = [file for file in there if readable[file]]
    left_out = [file for file in there if not readable[file]]
    if not files:
        create_no_rows(connection, contract, name)
        return left_out
    listed = ", ".join(_text(str(file)) for file in files)
    floor = f"{time_part(load_started):016d}" if load_started else ""
    connection.execute(f"""
        create or replace temp table {name} as
        with changes as (
            select *,
                coalesce(dms_change_seq, '') = '' as is_load,
                case
                    when is_load then rpad(
                        regexp_replace(dms_committed_at, '[^0-9]', '', 'g')[:16], 35, '0')
                    else dms_change_seq
                end as place
            from read_parquet([{listed}], union_by_name = true, hive_partitioning = false)
        ),
        newest as (
            select * from changes
            qualify row_number() over (
                partition by "{contract.tenant_column}", id
                order by place desc, dms_committed_at desc) = 1
        )
        select {_selected(contract)} from newest
        where coalesce("Op", 'I') <> 'D'
          and place >= (
              select greatest(coalesce(max(place) filter (is_load), ''), {_text(floor)})
              from changes
          )
    """)
    return left_out


def create_silver_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, name: str
) -> None:
    """The live rows of the Silver table as the DuckDB table `name`; its view must be there."""
    columns = [
        f'"{_kept_as(contract, c)}" as "{c.name}"'
        for c in compared_columns(contract)
        if c.name not in contract.key
    ]
    connection.execute(
        f"create or replace temp table {name} as select {', '.join([*contract.key, *columns])} "
        f'from {SCHEMA}."{contract.name}" where not is_deleted'
    )


def create_no_rows(connection: duckdb.DuckDBPyConnection, contract: Contract, name: str) -> None:
    """An empty table of the right columns."""
    columns = ", ".join(f'null as "{c.name}"' for c in contract.columns)
    connection.execute(
        f"create or replace temp table {name} as select {_selected(contract)} "
        f"from (select {columns}) where false"
    )


def _selected(contract: Contract) -> str:
    """Key and compared columns, cast to their Silver types."""
    tenant = f'cast("{contract.tenant_column}" as varchar) as tenant_id'
    columns = [
        f'cast("{c.name}" as {_duckdb_type(c)}) as "{c.name}"'
        for c in compared_columns(contract)
        if c.name not in contract.key
    ]
    return ", ".join([tenant, "cast(id as varchar) as id", *columns])


def _duckdb_type(column: Column) -> str:
    return DUCKDB_TYPES.get(column.silver_type, column.silver_type)


def _kept_as(contract: Contract, column: Column) -> str:
    """Where Silver keeps the source's own value of a column that it changes."""
    kept = f"source_{column.name}"
    return kept if kept in {c.name for c in contract.derived} else column.name


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
