"""`lakehouse status`."""

from datetime import UTC, datetime

from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home
from lakehouse.dms.errors import SourceUnreachableError
from lakehouse.errors import SourceDatabaseError
from lakehouse.homes.embedded.home import EmbeddedHome


def _accounts(home: EmbeddedHome) -> Table:
    """What became of every row that the Silver job has read, over all batches."""
    from lakehouse.checks.quarantine import OPEN, entries, totals

    table = Table("table", "rows read", "= accepted", "+ superseded", "+ quarantined", "still open")
    for name in home.contracts:
        t = totals(home.state.silver / name)
        still_open = sum(1 for e in entries(home.state, name) if e.state == OPEN)
        counts = (t.rows_read, t.rows_accepted, t.rows_superseded, t.rows_quarantined, still_open)
        table.add_row(name, *(f"{c:,}" for c in counts), style=None if t.agree else "red")
    return table


def status() -> None:
    """Where every table stands in each layer."""
    from lakehouse.checks.table_states import derived_states, table_states

    home = current_home()
    table = Table(
        "table", "source rows", "Bronze files", "Silver live", "tombstones", "last commit"
    )
    for s in table_states(home):
        source = "not running" if s.source_rows is None else f"{s.source_rows:,}"
        cells = (f"{s.bronze_files:,}", f"{s.silver_live:,}", f"{s.silver_tombstones:,}")
        table.add_row(s.table, source, *cells, s.last_commit or "none")
    console.print(table)
    derived = Table("derived table", "made of", "rows", "last commit")
    for d in derived_states(home):
        derived.add_row(d.table, d.base, f"{d.rows:,}", d.last_commit or "none")
    console.print(derived)
    console.print(f"Replication: {_lag(home)}", highlight=False)
    console.print(_accounts(home))
    gold = home.state.duckdb if home.state.duckdb.exists() else "not built yet"
    console.print(f"Gold: {gold}", highlight=False)


def _lag(home: EmbeddedHome) -> str:
    from lakehouse.dms.lag import in_words, measure
    from lakehouse.dms.source import connect
    from lakehouse.dms.state import STATE_FILE

    try:
        with connect(home.dsn()) as connection:
            lag = measure(connection, home.state.dms / STATE_FILE, datetime.now(UTC))
    except (SourceDatabaseError, SourceUnreachableError):
        return "the source is not running"
    return in_words(lag)
