"""`lakehouse doctor`."""

from typing import Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home


def doctor(
    source: Annotated[
        bool,
        typer.Option("--source", help="check the source's tables for what AWS DMS would lose"),
    ] = False,
    dsn: Annotated[
        str | None, typer.Option(help="with --source: libpq string of another database")
    ] = None,
) -> None:
    """Check everything a run needs; names what is missing and its mend."""
    if source:
        _check_source(dsn or current_home().dsn())
    else:
        _check_prerequisites()


def _check_prerequisites() -> None:
    from lakehouse.checks.prerequisites import check_prerequisites

    findings = check_prerequisites(current_home())
    table = Table("", "what", "found", "mend")
    for f in findings:
        table.add_row("[green]ok[/]" if f.ok else "[red]no[/]", f.what, f.found, f.mend)
    console.print(table)
    if not all(f.ok for f in findings):
        raise typer.Exit(1)


def _check_source(dsn: str) -> None:
    """Exits with 1 when a finding that nobody accepted loses data."""
    from lakehouse.checks.source import Severity, check_source

    findings = check_source(dsn, current_home().contracts)
    table = Table("", "where", "found", "mend, or why it is accepted")
    styles = {Severity.LOSS: "red", Severity.RISK: "yellow"}
    for f in findings:
        mark = "[dim]accepted[/]" if f.is_accepted else f"[{styles[f.severity]}]{f.severity}[/]"
        table.add_row(mark, f.place, f.found, f.reason or f.mend)
    console.print(table)
    losses = sum(f.severity == Severity.LOSS and not f.is_accepted for f in findings)
    risks = sum(f.severity == Severity.RISK and not f.is_accepted for f in findings)
    console.print(f"{losses} losses, {risks} risks, {len(findings) - losses - risks} accepted")
    if losses:
        raise typer.Exit(1)
