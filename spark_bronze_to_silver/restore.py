"""Takes a table and what is derived from it back to an earlier commit, from where the job goes on.

The state of that commit becomes the newest one, with the notes of that commit: its ledger, so the
job reads again all Bronze files that came since, and its floor and totals. Bad files have to leave
Bronze, or bad code has to be mended, before the job runs again. States in between stay readable.
"""

from collections.abc import Mapping

from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812

from contracts import Contract
from spark_bronze_to_silver.instants import moment_of
from spark_bronze_to_silver.notes import LEDGER, RESTORING
from spark_bronze_to_silver.quarantine import REDRIVEN, Quarantine
from spark_bronze_to_silver.schemas import silver_columns
from spark_bronze_to_silver.to_silver import places


def restore_table(
    spark: SparkSession, contract: Contract, *, silver: str, instants: Mapping[str, str]
) -> str:
    """Restore the table and its followers, each by name to the instant; returns the new commit.

    The caller has checked that all these states can be read. The table goes first, with a note that
    stops the job, and loses that note when all followers are back. Ended in between, the same call
    completes it.
    """
    at = places(spark, contract, bronze="", silver=silver)
    instant = instants[contract.name]
    notes = at.table.notes(until=instant)
    if _redriven_since(at.quarantine, instant):
        # Those rows came from files that the old ledger counts as read: read all of Bronze.
        notes.pop(LEDGER, None)
    columns = silver_columns(contract)
    at.table.replace(at.table.rows_at(instant, columns), {**notes, RESTORING: instant})
    for follower in at.followers:
        stored, known = follower.stored, silver_columns(follower.table)
        stored.replace(stored.rows_at(instants[follower.table.name], known), {})
    return at.table.upsert(at.table.rows(columns).limit(0), notes)


def _redriven_since(quarantine: Quarantine, instant: str) -> bool:
    moment = moment_of(instant)
    closed = quarantine.entries().where(F.col("state") == REDRIVEN)
    return not closed.where(F.col("state_at") >= f"{moment:%Y-%m-%d %H:%M:%S.%f}").isEmpty()
