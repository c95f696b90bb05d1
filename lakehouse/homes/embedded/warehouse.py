"""The DuckDB file that holds Gold and shows Silver."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import duckdb

from contracts import Contract
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.silver_relations import create_silver_views
from lakehouse.state import State


@contextmanager
def open_warehouse(
    state: State, contracts: Iterable[Contract]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in UTC whose Silver views show the last commits.

    DuckDB lets one process at a time open a file for writing. Raises LakehouseError when another
    one (a dbt build, a notebook) has it open.
    """
    state.root.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(state.duckdb))
    except duckdb.IOException as error:
        raise LakehouseError(
            f"{state.duckdb} is open in another process; nothing was read. "
            f"Close it and try again. DuckDB says: {error}"
        ) from error
    with connection:
        connection.execute("set timezone = 'UTC'")
        create_silver_views(connection, state.silver, contracts)
        yield connection
