"""`lakehouse query`."""

from collections.abc import Iterator, Sequence
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
    principal: Annotated[
        str | None,
        typer.Option("--as", help="analyst@TENANT-SLUG, analyst, engineer or admin"),
    ] = None,
) -> None:
    """Ask Gold (lakehouse_gold) or Silver (lakehouse_silver) a question in SQL.

    With --as only rows and columns that the policy lets that principal see are there to be read.
    """
    columns, rows = (
        _everything(sql, limit + 1, as_of)
        if principal is None
        else _permitted(sql, limit + 1, as_of, principal)
    )
    table = Table(*columns)
    for row in rows[:limit]:
        table.add_row(*("" if v is None else str(v) for v in row))
    console.print(table)
    if len(rows) > limit:
        console.print(f"the first {limit} rows; `--limit N` shows more")


def _permitted(
    sql: str, limit: int, as_of: datetime | None, principal: str
) -> tuple[Sequence[str], list[tuple]]:
    from lakehouse.homes.embedded.governed import open_for

    moment = as_of.replace(tzinfo=UTC) if as_of else None
    with open_for(sql, principal, current_home().state, as_of=moment) as connection:
        answer = connection.query(sql)
        return answer.columns, answer.rows(limit)


def _everything(sql: str, limit: int, as_of: datetime | None) -> tuple[Sequence[str], list[tuple]]:
    import duckdb

    with _connection(sql, as_of) as connection:
        try:
            answer = connection.execute(sql)
            rows = answer.fetchmany(limit)
        except duckdb.Error as error:
            raise LakehouseError(f"the query failed; nothing was changed: {error}") from error
        return [column[0] for column in answer.description], rows


@contextmanager
def _connection(sql: str, as_of: datetime | None) -> "Iterator[duckdb.DuckDBPyConnection]":
    from lakehouse.homes.embedded.silver_as_of import open_silver_as_of
    from lakehouse.homes.embedded.warehouse import open_warehouse
    from spark_bronze_to_silver.timeline import shown

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
