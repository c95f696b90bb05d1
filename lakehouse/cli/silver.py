"""`lakehouse silver`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home

if TYPE_CHECKING:
    from spark_bronze_to_silver.to_silver import TableResult


def silver(
    table: Annotated[list[str] | None, typer.Option(help="only this table; repeatable")] = None,
) -> None:
    """Bronze to Silver: merge the Bronze files that no commit has read yet."""
    from lakehouse.stages.silver import build_silver

    with console.status("starting Spark") as status:
        results = build_silver(
            current_home(), table or (), lambda r: status.update(f"{r.table} is up to date")
        )
    console.print(silver_table(results))


def silver_table(results: Iterable["TableResult"]) -> Table:
    """What a Silver run did, a line per table."""
    table = Table("table", "files", "read", "accepted", "superseded", "deleted", "seconds")
    for r in results:
        counts = (r.files, r.rows_read, r.rows_accepted, r.rows_superseded, r.rows_deleted)
        table.add_row(r.table, *(f"{c:,}" for c in counts), f"{r.seconds:.1f}")
    return table
