"""`lakehouse restore`."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home

if TYPE_CHECKING:
    from contracts import Contract
    from lakehouse.homes.embedded.home import EmbeddedHome
    from spark_bronze_to_silver.restore import RestorePlan


def restore(
    table: Annotated[str, typer.Argument(help="Silver table, such as order")],
    to: Annotated[
        str | None,
        typer.Option(help="instant, or moment (UTC); without it the instants are listed"),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply/--dry-run", help="change the table, or show what would change")
    ] = False,
) -> None:
    """Take a Silver table back to an earlier commit; a dry run unless --apply is given."""
    from lakehouse.stages.restore import plan_restore
    from lakehouse.stages.restore import restore as restore_silver
    from lakehouse.stages.silver import chosen_contracts

    home = current_home()
    (contract,) = chosen_contracts(home, [table])
    if to is None:
        console.print(_instants(home, contract))
        return
    with console.status("comparing"):
        plan = plan_restore(home, contract, to)
    console.print(_changes(plan))
    console.print(f"The next run of the job reads {plan.files:,} Bronze files again.")
    if not apply:
        console.print("Nothing was changed. Add --apply to do it.")
        return
    with console.status("restoring"):
        restore_silver(home, contract, plan)
    console.print(f"{table} is as it was. Next: lakehouse silver --table {table}")


def _instants(home: "EmbeddedHome", contract: "Contract") -> Table:
    from lakehouse.homes.embedded.time_travel import read_timeline
    from spark_bronze_to_silver.timeline import shown

    timeline = read_timeline(home.state.silver / contract.name)
    listed = Table("instant", "committed (UTC)", "kept as")
    for savepoint in timeline.savepoints:
        until = f" until {shown(savepoint.until)}" if savepoint.until else ""
        listed.add_row(savepoint.instant, shown(savepoint.instant), f"savepoint{until}")
    for instant in timeline.commits:
        listed.add_row(instant, shown(instant), "commit")
    return listed


def _changes(plan: "RestorePlan") -> Table:
    titles = ("to", "rows now", "then", "come back", "go", "change")
    listed = Table("table", *titles)
    for d in plan.differences:
        counts = (d.rows_now, d.rows_then, d.back, d.gone, d.changed)
        listed.add_row(d.table, d.instant, *(f"{count:,}" for count in counts))
    return listed
