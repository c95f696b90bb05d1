"""`lakehouse silver`."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home

if TYPE_CHECKING:
    from spark_bronze_to_silver.to_silver import TableResult


class Gate(StrEnum):
    """What a critical failure of the quality gate does."""

    ENFORCE = "enforce"
    RECORD = "record"


def silver(
    table: Annotated[list[str] | None, typer.Option(help="only this table; repeatable")] = None,
    quarantine_limit: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="share of rows that may go to the quarantine, not the contract's"
        ),
    ] = None,
    quality_gate: Annotated[
        Gate,
        typer.Option(help="whether rows that break a critical rule of the contract stop the table"),
    ] = Gate.ENFORCE,
) -> None:
    """Bronze to Silver: merge the Bronze files that no commit has read yet."""
    from lakehouse.stages.silver import build_silver

    with console.status("starting Spark") as status:
        results = build_silver(
            current_home(),
            table or (),
            lambda r: status.update(f"{r.table} is up to date"),
            quarantine_limit=quarantine_limit,
            enforce_quality=quality_gate is Gate.ENFORCE,
        )
    console.print(silver_table(results))


def silver_table(results: Iterable["TableResult"]) -> Table:
    """What a Silver run did, a line per table."""
    titles = ("files", "read", "accepted", "superseded", "quarantined", "deleted", "seconds")
    table = Table("table", *titles)
    for r in results:
        files = f"{r.files:,}" + (f" ({r.files_quarantined} broken)" if r.files_quarantined else "")
        kept = (r.rows_accepted, r.rows_superseded, r.rows_quarantined, r.rows_deleted)
        counts = (f"{c:,}" for c in (r.rows_read, *kept))
        table.add_row(r.table, files, *counts, f"{r.seconds:.1f}")
    return table
