"""Takes a table and what is derived from it back to an earlier commit, from where the job goes on.

The state of that commit becomes the newest one, with the notes of that commit: its ledger, so the
job reads again all Bronze files that came since, and its floor and totals. Bad files have to leave
Bronze, or bad code has to be mended, before the job runs again. States in between stay readable.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.bronze_files import Ledger, list_bronze_files
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.instants import moment_of
from spark_bronze_to_silver.notes import LEDGER, RESTORING
from spark_bronze_to_silver.quarantine import REDRIVEN, Quarantine
from spark_bronze_to_silver.schemas import silver_columns
from spark_bronze_to_silver.to_silver import Places

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

    differences: tuple[Difference, ...]
    files: int

    @property
    def instants(self) -> dict[str, str]:
        """Instant to restore to, by table."""
        return {d.table: d.instant for d in self.differences}


def plan_restore(at: Places, to: str) -> RestorePlan:
    """What a restore to the last commit before this instant would do; nothing is changed.

    Raises UnreachableInstantError for a state that cannot be read any more.
    """
    instant = at.table.timeline().at_instant(to)
    differences = [_difference(at.table, silver_columns(at.contract), instant)]
    for follower in at.followers:
        # It was written before its base: what it was when that commit began.
        past = follower.stored.timeline().at_instant(instant)
        differences.append(_difference(follower.stored, silver_columns(follower.table), past))
    ledger = Ledger.from_json(_notes_then(at, instant).get(LEDGER))
    files = ledger.unread(list_bronze_files(at.spark, at.folder))
    return RestorePlan(tuple(differences), len(files))


def restore_table(at: Places, instants: Mapping[str, str]) -> str:
    """Restore the table and its followers, each by name to the instant; returns the new commit.

    The instants are those of a plan. The table goes first, with a note that stops the job, and
    loses that note when all followers are back. Ended in between, the same call completes it.
    """
    instant = instants[at.contract.name]
    notes = _notes_then(at, instant)
    columns = silver_columns(at.contract)
    at.table.replace(at.table.rows_at(instant, columns), {**notes, RESTORING: instant})
    for follower in at.followers:
        stored, known = follower.stored, silver_columns(follower.table)
        stored.replace(stored.rows_at(instants[follower.table.name], known), {})
    return at.table.upsert(at.table.rows(columns).limit(0), notes)


def _difference(table: HudiTable, columns: Mapping[str, str], instant: str) -> Difference:
    content = F.struct(*(name for name in columns if name != UNCOMPARED))
    now = table.rows(columns).select(*table.key, content.alias("now"))
    then = table.rows_at(instant, columns).select(*table.key, content.alias("then"))
    counts = (
        now.join(then, on=list(table.key), how="full")
        .agg(
            F.count("now").alias("rows_now"),
            F.count("then").alias("rows_then"),
            F.count_if(F.col("now").isNull()).alias("back"),
            F.count_if(F.col("then").isNull()).alias("gone"),
            F.count_if(F.col("now") != F.col("then")).alias("changed"),
        )
        .first()
    )
    return Difference(table.name, instant, **counts.asDict())


def _notes_then(at: Places, instant: str) -> dict[str, str]:
    """The notes from which the job goes on after a restore to the instant."""
    notes = at.table.notes(until=instant)
    if _redriven_since(at.quarantine, instant):
        # Those rows came from files that the old ledger counts as read: read all of Bronze.
        notes.pop(LEDGER, None)
    return notes


def _redriven_since(quarantine: Quarantine, instant: str) -> bool:
    moment = moment_of(instant)
    closed = quarantine.entries().where(F.col("state") == REDRIVEN)
    return not closed.where(F.col("state_at") >= f"{moment:%Y-%m-%d %H:%M:%S.%f}").isEmpty()
