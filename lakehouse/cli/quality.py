"""`lakehouse quality`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home

if TYPE_CHECKING:
    from contracts import Contract
    from lakehouse.homes.embedded.home import EmbeddedHome
    from spark_bronze_to_silver.quality.result import BatchQuality


def quality(
    table: Annotated[list[str] | None, typer.Option(help="only this table; repeatable")] = None,
    every: Annotated[bool, typer.Option("--all", help="every commit, not only the last")] = False,
    pages: Annotated[
        bool, typer.Option("--pages", help="check the whole tables too, and write Data Docs")
    ] = False,
) -> None:
    """What the quality gate found in each commit; exit code 1 when a critical rule failed."""
    from lakehouse.checks.notes import noted
    from lakehouse.stages.silver import chosen_contracts
    from spark_bronze_to_silver.notes import QUALITY
    from spark_bronze_to_silver.quality.result import BatchQuality
    from spark_bronze_to_silver.timeline import shown

    home = current_home()
    contracts = chosen_contracts(home, table or ())
    listed = Table("table", "commit", "rows", "valid", "rules", "broken rules")
    critical = False
    for contract in contracts:
        for number, (instant, text) in enumerate(noted(home.state.silver / contract.name, QUALITY)):
            if number and not every:
                break
            found = BatchQuality.from_json(text)
            critical |= bool(found.critical)
            listed.add_row(contract.name, shown(instant), *_cells(found))
    console.print(listed if listed.rows else "Silver has no commit with a result yet.")
    if pages:
        critical |= _write_pages(home, contracts)
    raise typer.Exit(int(critical))


def _cells(found: "BatchQuality") -> tuple[str, str, str, str]:
    share = f"{found.valid_rows / found.rows:.2%}" if found.rows else "100.00%"
    broken = "\n".join(
        f"{f.severity}: {f.column} {f.expectation.removeprefix('expect_')} ({f.rows:,})"
        for f in found.failed
    )
    return f"{found.rows:,}", share, str(found.rules), broken or "none"


def _write_pages(home: "EmbeddedHome", contracts: Sequence["Contract"]) -> bool:
    """Whether an expectation of a whole table fails that is critical."""
    from lakehouse.checks.quality import build_report
    from lakehouse.homes.embedded.warehouse import open_warehouse

    with console.status("checking Silver"), open_warehouse(home.state, contracts) as connection:
        report = build_report(connection, contracts, home.state.reports / "data-quality")
    console.print(
        f"Whole tables: {report.valid_share:.2%} of {report.rows:,} rows valid, "
        f"{report.failed} of {report.expectations} expectations fail, "
        f"{report.failed_critical} of them critical."
    )
    console.print(f"Data Docs: {report.index}", highlight=False, soft_wrap=True)
    return report.failed_critical > 0
