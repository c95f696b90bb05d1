"""Every version of a row, and when it held.

A history keeps one row per change and per full load that saw the row. When each held follows
from all that is known of the row, so it is worked out anew for each row that a batch touches: any
order, split or repetition of files ends the same. A change holds from its commit until the next
one's; the moments never go back, even where the server's clock did. It ends earlier when a full
load began that does not hold the row. It never held (valid_to is valid_from) when a later change of
the same commit replaced it, when it is a delete, or when it is a full load that found the row as it
was.
"""

from collections.abc import Collection

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from contracts import Contract, history_of
from spark_bronze_to_silver.generations import FULL_LOAD_SEQ, Loads, start_of_load
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.latest import latest_per_key
from spark_bronze_to_silver.selection import as_typed

INTERVAL = ("valid_from", "valid_to", "is_current")


def versions_of(
    seen: DataFrame, changed: DataFrame, contract: Contract, history: HudiTable, loads: Loads
) -> DataFrame:
    """All versions, with their intervals, of the rows that a batch touches.

    seen is every row of the batch, cleaned; changed has the keys to look at, also of rows that
    only the newest load's silence has touched. That of any other new load is looked for here: it
    can end an older version of a row that has come back since.
    """
    columns = {c.name: c.silver_type for c in history_of(contract).columns}
    observed = [name for name in columns if name not in INTERVAL]
    key = list(contract.key)
    written = history.rows(columns)
    touched = changed.select(*key)
    if loads.new:
        touched = touched.unionByName(_holding_across(written, loads.new).select(*key))
    stored = written.join(touched, on=key, how="left_semi")
    together = seen.select(*observed).unionByName(stored.select(*observed))
    content = [c.name for c in contract.columns if c.name in columns]
    dated = with_intervals(latest_per_key(together, history.key), contract.key, content, loads.all)
    return as_typed(dated, columns)


def with_intervals(
    versions: DataFrame, key: tuple[str, ...], content: list[str], loads: Collection[str]
) -> DataFrame:
    """Adds valid_from, valid_to and is_current to all versions of some rows.

    content names the columns that a full load compares with the version before. A version ended
    when the first of the full loads (their source_order) that does not hold the row started.
    """
    ordered = Window.partitionBy(*key).orderBy("source_order")
    so_far = ordered.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    later = ordered.rowsBetween(1, Window.unboundedFollowing)
    versions = versions.withColumn("_left", _left(key, loads))
    state = F.struct("is_deleted", "_left", F.struct(*content).alias("content"))
    before = F.lag(state).over(ordered)
    is_unchanged = ~before["is_deleted"] & before["content"].eqNullSafe(F.struct(*content))
    has_left = F.coalesce(before["_left"]["order"] < F.col("source_order"), F.lit(False))
    is_loaded = F.col("source_seq") == FULL_LOAD_SEQ
    dated = versions.withColumns(
        {
            "valid_from": F.max("source_committed_at").over(so_far),
            "_is_repeat": is_loaded & F.coalesce(is_unchanged & ~has_left, F.lit(False)),
        }
    )
    replaced_at = F.min(F.when(~F.col("_is_repeat"), F.col("valid_from"))).over(later)
    ended = dated.withColumn("_ended_at", F.least(replaced_at, F.col("_left")["started_at"]))
    held = ~F.col("is_deleted") & ~F.col("_is_repeat")
    return ended.withColumns(
        {
            "valid_to": F.when(~held, F.col("valid_from")).when(
                F.col("_ended_at").isNotNull(), F.greatest("valid_from", "_ended_at")
            ),
            "is_current": held & F.col("_ended_at").isNull(),
        }
    ).drop("_is_repeat", "_left", "_ended_at")


def _left(key: tuple[str, ...], loads: Collection[str]) -> Column:
    """Order and start of the first full load after a version that does not hold its row."""
    starts = [(F.lit(load), F.lit(f"{start_of_load(load)}").cast("timestamp")) for load in loads]
    known = F.array(*(F.struct(o.alias("order"), at.alias("started_at")) for o, at in starts))
    if not starts:
        known = known.cast("array<struct<order: string, started_at: timestamp>>")
    is_loaded = F.col("source_seq") == FULL_LOAD_SEQ
    holding = F.collect_set(F.when(is_loaded, F.col("source_order"))).over(Window.partitionBy(*key))
    missing = F.filter(
        known,
        lambda load: (
            (load["order"] > F.col("source_order")) & ~F.array_contains(holding, load["order"])
        ),
    )
    return F.array_min(missing)


def _holding_across(versions: DataFrame, loads: Collection[str]) -> DataFrame:
    """Versions from before one of the loads that hold at its start, as far as was known."""
    first_start = F.lit(f"{start_of_load(min(loads))}").cast("timestamp")
    is_open = F.col("valid_to").isNull() | (F.col("valid_to") > first_start)
    return versions.where((F.col("source_order") < max(loads)) & is_open)
