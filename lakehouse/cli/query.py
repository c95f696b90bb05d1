"""`lakehouse query`."""

from typing import Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home
from lakehouse.errors import LakehouseError

MAX_ROWS = 50


def query(
    sql: Annotated[str, typer.Argument(help='such as "select * from lakehouse_gold.mrr_metrics"')],
    limit: Annotated[int, typer.Option(help="rows to show at the most")] = MAX_ROWS,
) -> None:
    """Ask Gold (lakehouse_gold) or Silver (lakehouse_silver) a question in SQL."""
    import duckdb

    from lakehouse.homes.embedded.warehouse import open_warehouse

    home = current_home()
    with open_warehouse(home.state, home.contracts.values()) as connection:
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
