"""Tables that follow from another table's rows: its history, and what its rows make up together.

They are written before the table itself. Its commit holds the ledger and closes the batch, so a
run that was killed in between finds the same files unread, and writes the same rows again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from contracts import Contract, DerivedTable, derived_tables
from spark_bronze_to_silver.generations import Loads
from spark_bronze_to_silver.groups import current_rows, touched_groups
from spark_bronze_to_silver.history import versions_of
from spark_bronze_to_silver.hudi_table import REPLACE, HudiTable
from spark_bronze_to_silver.kept import Kept
from spark_bronze_to_silver.schemas import silver_columns
from spark_bronze_to_silver.selection import as_typed
from spark_bronze_to_silver.settings import TIME_TRAVEL_DAYS
from spark_bronze_to_silver.tables import cleaner, deriver


@dataclass(frozen=True)
class Follower:
    """A derived table, and where it is stored."""

    table: DerivedTable
    stored: HudiTable


def followers_of(
    spark: SparkSession, contract: Contract, silver: str, time_travel_days: int = TIME_TRAVEL_DAYS
) -> list[Follower]:
    """The tables that are derived from the contract's table, below the root of Silver."""
    kept = {"merging": REPLACE, "time_travel_days": time_travel_days}
    return [
        Follower(t, HudiTable(spark, t.name, f"{silver}/{t.name}", t.key, age=_began(t), **kept))
        for t in derived_tables([contract])
    ]


def _began(table: DerivedTable) -> str:
    """The column that says when a row began: the first moment among them."""
    return next(c.name for c in table.columns if c.silver_type == "timestamp")


def are_complete(followers: Iterable[Follower]) -> bool:
    """Whether every table has been created; one that has not needs all of Bronze again."""
    return all(follower.stored.exists() for follower in followers)


def versions_in(
    followers: Iterable[Follower],
    contract: Contract,
    seen: DataFrame,
    changed: DataFrame,
    loads: Loads,
    kept: Kept,
) -> DataFrame | None:
    """All versions of the rows that a batch touches, kept; None for a table without history.

    seen is every row of the batch, changed the newest of each key.
    """
    for follower in followers:
        if follower.table.is_history:
            cleaned = cleaner(contract.name)(seen)
            return kept.keep(versions_of(cleaned, changed, contract, follower.stored, loads))
    return None


def write_followers(
    followers: Iterable[Follower],
    contract: Contract,
    seen: DataFrame,
    changed: DataFrame,
    before: Callable[[], DataFrame],
    versions: DataFrame | None,
    kept: Kept,
) -> None:
    """Bring the derived tables to where they are once `changed` is merged into `before`.

    before gives the stored rows; seen is every row of the batch, changed the newest of each key.
    """
    for follower in followers:
        if follower.table.is_history:
            follower.stored.upsert(versions, {})
        else:
            _write_groups(follower, contract, seen, changed, before(), kept)


def _write_groups(
    follower: Follower,
    contract: Contract,
    seen: DataFrame,
    changed: DataFrame,
    before: DataFrame,
    kept: Kept,
) -> None:
    """Work out anew what the touched groups make up, and take away what they no longer do.

    Older versions in the batch count: a run that was killed before its last commit may have written
    what they made up, and the newer ones may have come since.
    """
    table, stored = follower.table, follower.stored
    group = list(table.group)
    held = cleaner(contract.name)(seen).select(*group).dropna()
    touched = touched_groups(changed, before, contract.key, group)
    groups = kept.keep(touched.unionByName(held).distinct())
    members = current_rows(changed, before, contract.key, table.group, groups)
    derived = deriver(table.name)(members.where(~F.col("is_deleted")))
    columns = silver_columns(table)
    rows = kept.keep(as_typed(derived, columns))
    if stored.exists():
        known = stored.rows(columns).join(groups, on=list(table.group), how="left_semi")
        stale = known.join(rows.select(*table.key), on=list(table.key), how="left_anti")
        stored.delete(kept.keep(stale.select(*columns)))
    stored.upsert(rows, {})
