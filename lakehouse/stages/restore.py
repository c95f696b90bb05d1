"""Takes one Silver table back to an earlier state: what would change, and doing it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from contracts import Contract, DerivedTable, derived_tables
from lakehouse.checks.notes import noted
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.silver_relations import SCHEMA, create_silver_view, current_files
from lakehouse.homes.embedded.time_travel import files_at, read_timeline
from lakehouse.stages.lock import writing_silver
from spark_bronze_to_silver.instants import INSTANT_DIGITS
from spark_bronze_to_silver.notes import LEDGER
from spark_bronze_to_silver.schemas import silver_columns

MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
# When a row was processed is no part of what it says.
UNCOMPARED = "silver_processed_at"


@dataclass(frozen=True)
class Difference:
    """What a restore does to one table: rows now and then, and how many keys it touches."""

    table: str
    instant: str
    rows_now: int
    rows_then: int
    back: int
    gone: int
    changed: int


@dataclass(frozen=True)
class RestorePlan:
    """The restore of one table and of what is derived from it; the table itself comes first.

    files are the Bronze files that the job reads again afterwards.
    """

    contract: Contract
    differences: tuple[Difference, ...]
    files: int

    @property
    def instants(self) -> dict[str, str]:
        """Instant to restore to, by table."""
        return {d.table: d.instant for d in self.differences}


def plan_restore(home: EmbeddedHome, contract: Contract, to: str) -> RestorePlan:
    """What a restore would do; nothing is changed.

    to is an instant as Hudi names it, or a moment (UTC): the last commit before it is meant.
    Raises UnreachableInstantError for a state that cannot be read any more, and LakehouseError for
    text that is neither.
    """
    base = read_timeline(home.state.silver / contract.name)
    instant = base.at_instant(to) if re.fullmatch(r"\d{17}", to) else base.at(_moment(to))
    # Derived tables are written before their base: what they were when its commit began.
    differences = [_difference(home, contract, instant)]
    for table in derived_tables([contract]):
        past = read_timeline(home.state.silver / table.name).at_instant(instant)
        differences.append(_difference(home, table, past))
    return RestorePlan(contract, tuple(differences), _unread_files(home, contract, instant))


def restore(home: EmbeddedHome, plan: RestorePlan) -> str:
    """Do what the plan says; returns the commit that completes it."""
    from spark_bronze_to_silver.restore import restore_table

    silver = str(home.state.silver)
    with writing_silver(home.state):
        return restore_table(home.spark, plan.contract, silver=silver, instants=plan.instants)


def _moment(text: str) -> datetime:
    for form in MOMENTS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise LakehouseError(
        f"{text!r} is neither an instant of {INSTANT_DIGITS} digits nor a moment such as "
        "'2026-01-31 12:00:00'; nothing was changed. Without --to the instants are listed."
    )


def _difference(home: EmbeddedHome, table: Contract | DerivedTable, instant: str) -> Difference:
    path = home.state.silver / table.name
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for name, files in (("now", current_files(path)), ("past", files_at(path, instant))):
            create_silver_view(connection, table, files)
            content = ", ".join(f'"{c}"' for c in silver_columns(table) if c != UNCOMPARED)
            key = ", ".join(f'"{c}"' for c in table.key)
            connection.execute(
                f"create temp table {name}_rows as select hash({key}) as k, hash({content}) as h "
                f'from {SCHEMA}."{table.name}"'
            )
        counts = connection.execute(
            "select count(n.k), count(p.k), count(*) filter (n.k is null), "
            "count(*) filter (p.k is null), count(*) filter (n.h <> p.h) "
            "from now_rows n full join past_rows p on n.k = p.k"
        ).fetchone()
    return Difference(table.name, instant, *counts)


def _unread_files(home: EmbeddedHome, contract: Contract, instant: str) -> int:
    """How many Bronze files the notes of that commit do not list as read."""
    from spark_bronze_to_silver.bronze_files import Ledger, local_bronze_files

    ledgers = noted(home.state.silver / contract.name, LEDGER)
    ledger = Ledger.from_json(next((text for at, text in ledgers if at <= instant), None))
    folder = home.state.bronze / contract.bronze_folder
    return len(ledger.unread(local_bronze_files(folder)))
