"""`lakehouse query`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home
from lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    import duckdb

MAX_ROWS = 50
MOMENTS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"]


def query(
    sql: Annotated[str, typer.Argument(help='such as "select * from lakehouse_gold.mrr_metrics"')],
    limit: Annotated[int, typer.Option(help="rows to show at the most")] = MAX_ROWS,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=MOMENTS, help="Silver as it was at this moment (UTC)"),
    ] = None,
) -> None:
    """Ask Gold (lakehouse_gold) or Silver (lakehouse_silver) a question in SQL."""
    import duckdb

    with _connection(sql, as_of) as connection:
        try:
            answer = connection.execute(sql)
            rows = answer.fetchmany(limit + 1)
        except duckdb.Error as error:
            raise LakehouseError(f"the query failed; nothing was changed: {error}") from error
        table = Table(*(column[0] for column in answer.description))
    for row in rows[:limit]:
        table.add_row(*("" if v is None else str(v) for v in row))
    console.print(table)
    if len(rows) > limit:
        console.print(f"the first {limit} rows; `--limit N` shows more")


@contextmanager
def _connection(sql: str, as_of: datetime | None) -> "Iterator[duckdb.DuckDBPyConnection]":
    from lakehouse.homes.embedded.silver_as_of import open_silver_as_of
    from lakehouse.homes.embedded.time_travel import shown
    from lakehouse.homes.embedded.warehouse import open_warehouse

    home = current_home()
    contracts = home.contracts.values()
    if as_of is None:
        with open_warehouse(home.state, contracts) as connection:
            yield connection
        return
    moment = as_of.replace(tzinfo=UTC)
    with open_silver_as_of(home.state.silver, contracts, sql, moment) as (connection, instants):
        for table, instant in instants.items():
            console.print(f"{table} as committed at {shown(instant)} UTC", highlight=False)
        yield connection
