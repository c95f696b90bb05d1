"""`lakehouse replicate`."""

from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home


def replicate() -> None:
    """Source to Bronze: the full load at first, after that the changes since the last time."""
    from lakehouse.stages.replicate import replicate as replicate_source

    with console.status("replicating") as status:
        report = replicate_source(
            current_home(), lambda table, rows: status.update(f"replicating {table}: {rows:,} rows")
        )
    table = Table("source table", "rows", title=f"{report.kind}: {report.rows:,} rows to Bronze")
    for name, rows in report.by_table.items():
        table.add_row(name, f"{rows:,}")
    console.print(table)
    for warning in report.warnings:
        console.print(f"[yellow]warning:[/yellow] {warning}")
