"""`lakehouse table-health`."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home
from spark_bronze_to_silver.settings import TIME_TRAVEL_DAYS

if TYPE_CHECKING:
    from lakehouse.checks.table_health import TableHealth

MEGABYTE = 1_000_000


def table_health(
    time_travel_days: Annotated[
        int, typer.Option(min=1, help="how long past states were promised to be readable")
    ] = TIME_TRAVEL_DAYS,
) -> None:
    """Files, commits and reach of every table of Silver; exit code 1 when one is unhealthy."""
    from lakehouse.checks.table_health import table_healths

    home = current_home()
    titles = ("files", "MB", "MB with past", "commits", "rows written / changed")
    listed, problems = Table("table", *titles, "oldest readable state (UTC)"), []
    for health in table_healths(home.state.silver, home.contracts.values()):
        found = health.problems(datetime.now(UTC), time_travel_days)
        problems += [f"{health.table}: {problem}" for problem in found]
        listed.add_row(*_cells(health), style="red" if found else None)
    console.print(listed if listed.rows else "Silver has no tables yet.")
    for problem in problems:
        console.print(problem, style="red", markup=False)
    raise typer.Exit(int(bool(problems)))


def _cells(health: "TableHealth") -> list[str]:
    from spark_bronze_to_silver.timeline import shown

    amplification = health.write_amplification
    return [
        health.table,
        f"{health.files:,}",
        f"{health.size / MEGABYTE:,.1f}",
        f"{health.stored / MEGABYTE:,.1f}",
        f"{len(health.commits):,}",
        "-" if amplification is None else f"{amplification:,.1f}",
        shown(health.oldest) if health.oldest else "none",
    ]
