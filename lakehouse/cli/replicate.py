"""`lakehouse replicate`."""

from typing import Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home
from lakehouse.errors import LakehouseError


def replicate(
    tables: Annotated[
        list[str] | None,
        typer.Argument(help="with --reload: only these tables", show_default=False),
    ] = None,
    reload: Annotated[
        bool, typer.Option("--reload", help="load tables anew (all, or those named)")
    ] = False,
    fault: Annotated[
        list[str] | None,
        typer.Option(help="NAME[:PARAM], see docs/reference/dms-faults.md; may be repeated"),
    ] = None,
    fault_seed: Annotated[int, typer.Option(help="which files and rows a fault takes")] = 0,
) -> None:
    """Source to Bronze: the full load at first, after that the changes since the last time."""
    from lakehouse.dms.faults import parse_faults
    from lakehouse.stages.replicate import reload as reload_tables
    from lakehouse.stages.replicate import replicate as replicate_source

    if tables and not reload:
        raise LakehouseError(
            "changes are replicated for all tables at once; nothing was done. "
            f"To load {tables[0]} anew: `lakehouse replicate --reload {tables[0]}`."
        )
    faults = parse_faults(fault or ())
    if faults and reload:
        raise LakehouseError("faults are those of changes; nothing was done. Leave out --reload.")
    with console.status("replicating") as status:

        def show(table: str, rows: int) -> None:
            status.update(f"replicating {table}: {rows:,} rows")

        home = current_home()
        report = (
            reload_tables(home, tables or (), show)
            if reload
            else replicate_source(home, show, faults=faults, seed=fault_seed)
        )
    table = Table("source table", "rows", title=f"{report.kind}: {report.rows:,} rows to Bronze")
    for name, rows in report.by_table.items():
        table.add_row(name, f"{rows:,}")
    console.print(table)
    for warning in report.warnings:
        console.print(f"[yellow]warning:[/yellow] {warning}")
