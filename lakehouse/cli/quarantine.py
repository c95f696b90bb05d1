"""`lakehouse quarantine`: what the Silver job could not take."""

import json
from pathlib import PurePosixPath
from typing import Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home
from lakehouse.errors import LakehouseError

app = typer.Typer(help="Rows and files that the Silver job set aside.", no_args_is_help=True)

SHOWN_DIGITS = 12
Tables = Annotated[list[str] | None, typer.Option("--table", help="only this table; repeatable")]
OneTable = Annotated[str, typer.Argument(help="Silver table, such as order")]


@app.command("list")
def list_entries(
    table: Tables = None,
    closed: Annotated[bool, typer.Option("--all", help="closed entries too")] = False,
) -> None:
    """List entries, without their values."""
    from lakehouse.checks.quarantine import OPEN, entries
    from lakehouse.stages.silver import chosen_contracts

    home = current_home()
    shown = Table("table", "entry", "reason", "rows", "file", "first seen")
    if closed:
        shown.add_column("state")
    for column in shown.columns:
        # The entry is what is typed next: long reasons and names of files give way to it.
        column.no_wrap, column.overflow = column.header not in ("reason", "file"), "fold"
    for contract in chosen_contracts(home, table or ()):
        for e in entries(home.state, contract.name):
            if closed or e.state == OPEN:
                rows = f"{e.rows:,}" if e.rows else "the file"
                entry = e.row_hash[:SHOWN_DIGITS]
                file, moment = PurePosixPath(e.file).name, e.first_seen_at[:16]
                cells = (contract.name, entry, e.reason, rows, file, moment)
                shown.add_row(*cells, *([e.state] if closed else []))
    console.print(shown if shown.rows else "The quarantine is empty.")


@app.command()
def show(
    table: OneTable,
    entry: Annotated[str, typer.Argument(help="first digits of the entry")],
) -> None:
    """Show one entry with its Bronze values; these hold personal data."""
    from lakehouse.checks.quarantine import entries
    from lakehouse.stages.silver import chosen_contracts

    home = current_home()
    (contract,) = chosen_contracts(home, [table])
    found = entries(home.state, contract.name, hashes=[entry])
    if not found:
        raise LakehouseError(
            f"{table}: no entry of the quarantine begins with {entry!r}; nothing was changed. "
            f"List them with: lakehouse quarantine list --all --table {table}"
        )
    for e in found:
        shown = Table(show_header=False, title=e.row_hash)
        known = (
            ("reason", e.reason),
            ("file", e.file),
            ("rows", str(e.rows) if e.rows else "the whole file"),
            ("contract version", e.contract_version),
            ("first seen", e.first_seen_at),
            ("state", f"{e.state} since {e.state_at}"),
        )
        for cells in (*known, *_values(e.raw)):
            shown.add_row(*cells)
        console.print(shown, markup=False)


@app.command()
def redrive(table: Tables = None) -> None:
    """Try the open entries again, after a contract, the code or a file was mended."""
    from lakehouse.stages.quarantine import redrive as redrive_tables

    home = current_home()
    with console.status("redriving"):
        results = redrive_tables(home, table or ())
    shown = Table("table", "rows merged", "rows left", "files read", "files left")
    for r in results:
        cells = (r.rows, r.rows_left, r.files, r.files_left)
        shown.add_row(r.table, *(f"{c:,}" for c in cells))
    console.print(shown if results else "The quarantine has no open entries.")


@app.command()
def discard(
    table: OneTable,
    entry: Annotated[list[str] | None, typer.Argument(help="first digits of entries")] = None,
    every: Annotated[bool, typer.Option("--all", help="all open entries of the table")] = False,
) -> None:
    """Close entries for good; their values are removed and never come to Silver."""
    from lakehouse.stages.quarantine import discard as discard_entries

    if bool(entry) == every:
        raise LakehouseError("name entries, or --all; nothing was discarded")
    with console.status("discarding"):
        count = discard_entries(current_home(), table, entry or ())
    console.print(f"{count:,} entries of {table} are discarded.")


def _values(raw: str | None) -> list[tuple[str, str]]:
    if raw is None:
        return [("values", "removed when the entry was closed")]
    try:
        values = json.loads(raw)
    except json.JSONDecodeError:
        return [("problem", raw)]
    return [(name, str(value)) for name, value in values.items()]
