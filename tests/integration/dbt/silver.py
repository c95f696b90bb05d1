"""A hand-made Silver: DuckDB tables of the shape and types that Gold reads."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import duckdb

from contracts import Contract, derived_tables, load_contracts
from spark_bronze_to_silver.schemas import SILVER_COMMON
from spark_bronze_to_silver.tables.session import COUNTS

SCHEMA = "lakehouse_silver"
CONTRACTS = load_contracts()
# Parquet timestamps of Silver are UTC instants, which DuckDB reads as TIMESTAMPTZ.
DUCKDB_TYPES = {
    "string": "varchar",
    "int": "integer",
    "timestamp": "timestamptz",
    "array<string>": "varchar[]",
}
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
DEFAULTS: dict[str, Any] = {
    "string": "",
    "int": 0,
    "boolean": True,
    "date": date(2025, 1, 1),
    "timestamp": LONG_AGO,
}


def uuid(number: int) -> str:
    """The same readable UUID for the same number."""
    return str(UUID(int=number))


def column_types(contract: Contract) -> dict[str, str]:
    """DuckDB type by Silver column, the columns that Silver adds included."""
    types = {c.name: c.silver_type for c in (*contract.columns, *contract.derived)}
    return {name: DUCKDB_TYPES.get(kind, kind) for name, kind in (types | SILVER_COMMON).items()}


def create_silver(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the Silver tables and those derived from them, empty."""
    connection.execute(f"create schema if not exists {SCHEMA}")
    for name, contract in CONTRACTS.items():
        columns = ", ".join(f'"{c}" {t}' for c, t in column_types(contract).items())
        connection.execute(f'create table {SCHEMA}."{name}" ({columns})')
    for table in derived_tables(CONTRACTS.values()):
        kinds = {c.name: DUCKDB_TYPES.get(c.silver_type, c.silver_type) for c in table.columns}
        columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        connection.execute(f'create table {SCHEMA}."{table.name}" ({columns})')


def insert(connection: duckdb.DuckDBPyConnection, table: str, **values: Any) -> None:
    """Insert one row; columns that are not given get a dull valid value, or null when nullable."""
    row = default_row(CONTRACTS[table]) | values
    if table == "tenant":
        row["tenant_id"] = row["id"]
    if table == "customer" and "canonical_customer_id" not in values:
        row["canonical_customer_id"] = row["id"]
    _insert(connection, table, row)


def insert_derived(connection: duckdb.DuckDBPyConnection, table: str, **values: Any) -> None:
    """Insert one row of a table that Silver derives; columns that are not given are null."""
    _insert(connection, table, values)


def fill_sessions(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `session` anew of the live events, as the Silver job does."""
    counts = ", ".join(f"count(*) filter (event_type = '{k}') as {n}" for n, k in COUNTS.items())
    connection.execute(f"delete from {SCHEMA}.session")
    connection.execute(
        f"""
        insert into {SCHEMA}.session by name
        with parted as (
            select *, created_at - lag(created_at) over visit > interval 30 minute as is_new
            from {SCHEMA}.event where not is_deleted
            window visit as (partition by tenant_id, session_id order by created_at, id)
        ), numbered as (
            select *, 1 + count(*) filter (is_new) over (
                partition by tenant_id, session_id order by created_at, id
                rows unbounded preceding
            ) as part
            from parted
        )
        select tenant_id, session_id, session_id || '-' || part as session_key,
            arg_max(customer_id, (created_at, id)) filter (customer_id is not null) as customer_id,
            min(created_at) as started_at, max(created_at) as ended_at,
            (epoch_us(max(created_at)) - epoch_us(min(created_at))) / 1000000 as duration_seconds,
            count(*) as event_count, {counts},
            count(*) = 1 and bool_and(event_type = 'page_view') as is_bounce,
            bool_or(event_type = 'purchase') as is_converted,
            max(silver_processed_at) as silver_processed_at
        from numbered group by tenant_id, session_id, part
        """
    )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" for _ in row)
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(
        f'insert into {SCHEMA}."{table}" ({names}) values ({marks})', list(row.values())
    )


def default_row(contract: Contract) -> dict[str, Any]:
    """A live row with every required column filled and every nullable one null."""
    row = {c.name: default_value(c.silver_type) if c.required else None for c in contract.columns}
    return row | {
        "is_deleted": False,
        "source_op": "I",
        "source_seq": "0" * 35,
        "source_order": "0" * 35,
        "source_committed_at": LONG_AGO,
        "silver_processed_at": LONG_AGO,
        "dq_issues": [],
    }


def default_value(silver_type: str) -> Any:
    """A dull value of a Silver type."""
    return Decimal(0) if silver_type.startswith("decimal") else DEFAULTS[silver_type]
