"""What the Silver job set aside, and its accounts, read without Spark."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from lakehouse.checks.notes import noted
from lakehouse.homes.embedded.silver_relations import current_files
from lakehouse.state import State
from spark_bronze_to_silver.accounts import Accounts
from spark_bronze_to_silver.notes import TOTALS
from spark_bronze_to_silver.schemas import QUARANTINE_COLUMNS, QUARANTINE_FOLDER

OPEN = "open"


@dataclass(frozen=True)
class Entry:
    """One row that could not be typed, or one file (rows is 0) that could not be read.

    raw holds the Bronze values as JSON, personal data among them, or the file's problem in words;
    null once the entry is closed. Moments are UTC.
    """

    file: str
    row_hash: str
    reason: str
    rows: int
    raw: str | None
    contract_version: str
    first_seen_at: str
    state: str
    state_at: str


def entries(state: State, table: str, *, hashes: Sequence[str] = ()) -> list[Entry]:
    """The table's entries, oldest first; with hashes those whose hash begins with one of them."""
    files = current_files(state.silver / QUARANTINE_FOLDER / table)
    if not files:
        return []
    columns = ", ".join(QUARANTINE_COLUMNS)
    query = f"select {columns} from read_parquet(?) order by first_seen_at, file, row_hash"
    found = (Entry(*row) for row in duckdb.execute(query, [files]).fetchall())
    return [e for e in found if not hashes or e.row_hash.startswith(tuple(hashes))]


def totals(table: Path) -> Accounts:
    """The accounts of all batches of a Silver table, as its last commit notes them."""
    last = next(noted(table, TOTALS), None)
    return Accounts.from_json(last[1]) if last else Accounts()
