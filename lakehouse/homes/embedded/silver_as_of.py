"""Silver as it was: a DuckDB connection that shows the tables of a query as of a moment."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
import sqlglot

from contracts import Contract
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.silver_relations import SCHEMA, create_silver_view
from lakehouse.homes.embedded.time_travel import files_at, read_timeline


@contextmanager
def open_silver_as_of(
    silver: Path, contracts: Iterable[Contract], sql: str, moment: datetime
) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, str]]]:
    """A connection for this query, and the instant that it sees of each Silver table in it.

    The state is what Silver had committed by the moment. Raises UnreachableInstantError for a
    table that has no readable state then, and LakehouseError for a query that reads no Silver
    table or that is not SQL: Gold is not kept as it was, it is built anew (`gold --as-of`).
    """
    tables = _tables_in(sql, list(contracts))
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        instants = {c.name: read_timeline(silver / c.name).at(moment) for c in tables}
        for contract in tables:
            files = files_at(silver / contract.name, instants[contract.name])
            create_silver_view(connection, contract, files)
        yield connection, instants


def _tables_in(sql: str, contracts: list[Contract]) -> list[Contract]:
    """The contracts of the Silver tables that the query names."""
    try:
        tables = sqlglot.parse_one(sql, read="duckdb").find_all(sqlglot.exp.Table)
    except sqlglot.errors.SqlglotError as error:
        raise LakehouseError(f"the query cannot be read; nothing was read: {error}") from error
    names = {(table.db.lower(), table.name.lower()) for table in tables}
    found = [c for c in contracts if (SCHEMA, c.name) in names]
    if not found:
        raise LakehouseError(
            f"the query reads no table of {SCHEMA}, and only Silver is kept as it was; nothing was "
            "read. Gold as of another day: `lakehouse gold --as-of YYYY-MM-DD`."
        )
    return found
