"""`lakehouse doctor`."""

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home


def doctor() -> None:
    """Check everything a run needs; names what is missing and its mend."""
    from lakehouse.checks.prerequisites import check_prerequisites

    findings = check_prerequisites(current_home())
    table = Table("", "what", "found", "mend")
    for f in findings:
        table.add_row("[green]ok[/]" if f.ok else "[red]no[/]", f.what, f.found, f.mend)
    console.print(table)
    if not all(f.ok for f in findings):
        raise typer.Exit(1)
