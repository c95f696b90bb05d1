"""Reads a Silver table the way Gold does, without a Spark job."""

from collections import namedtuple
from pathlib import Path

import duckdb

from contracts import Contract, DerivedTable
from lakehouse.homes.embedded.silver_relations import SCHEMA, create_silver_view, current_files
from spark_bronze_to_silver.schemas import silver_columns


def silver_rows(silver: Path, table: Contract | DerivedTable, *columns: str) -> list[tuple]:
    """Rows of the table below the root of Silver, as named tuples of these columns, or of all.

    Moments are naive, in UTC.
    """
    types = silver_columns(table)
    names = columns or tuple(types)
    values = ", ".join(f"timezone('UTC', {n})" if types[n] == "timestamp" else n for n in names)
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        create_silver_view(connection, table, current_files(silver / table.name))
        answer = connection.execute(f'select {values} from {SCHEMA}."{table.name}"')
        row = namedtuple("row", names)
        return [row(*values) for values in answer.fetchall()]
