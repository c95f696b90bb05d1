"""Every version of a row, and when it held.

A history keeps one row per change and per full load that saw the row. When each held follows
from all that is known of the row, so it is worked out anew for each row that a batch touches: any
order, split or repetition of files ends the same. A change holds from its commit until the next
one's; the moments never go back, even where the server's clock did. It never held (valid_to is
valid_from) when a later change of the same commit replaced it, when it is a delete, or when it is
a full load that found the row as it was.
"""

from datetime import datetime

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from contracts import Contract, history_of
from spark_bronze_to_silver.generations import COUNTER_DIGITS, FULL_LOAD_SEQ, NO_LOAD
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.latest import latest_per_key

INTERVAL = ("valid_from", "valid_to", "is_current")


def versions_of(
    seen: DataFrame, changed: DataFrame, contract: Contract, history: HudiTable, floor: str
) -> DataFrame:
    """All versions, with their intervals, of the rows that a batch touches.

    seen is every row of the batch, cleaned; changed has the keys to look at, also of rows that
    only a new full load's silence has touched; floor is the start of the newest full load.
    """
    columns = {c.name: c.silver_type for c in history_of(contract).columns}
    observed = [name for name in columns if name not in INTERVAL]
    key = list(contract.key)
    stored = history.rows(columns).join(changed.select(*key), on=key, how="left_semi")
    together = seen.select(*observed).unionByName(stored.select(*observed))
    content = [c.name for c in contract.columns if c.name in columns]
    dated = with_intervals(latest_per_key(together, history.key), contract.key, content, floor)
    return dated.select([F.col(n).cast(t).alias(n) for n, t in columns.items()])


def with_intervals(
    versions: DataFrame, key: tuple[str, ...], content: list[str], floor: str
) -> DataFrame:
    """Adds valid_from, valid_to and is_current to all versions of some rows.

    content names the columns that a full load compares with the version before. A row that the
    newest full load (whose source_order is the floor) does not hold ended when that load started.
    """
    ordered = Window.partitionBy(*key).orderBy("source_order")
    so_far = ordered.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    later = ordered.rowsBetween(1, Window.unboundedFollowing)
    before = F.lag(F.struct("is_deleted", F.struct(*content).alias("content"))).over(ordered)
    is_unchanged = ~before["is_deleted"] & before["content"].eqNullSafe(F.struct(*content))
    is_repeat = (F.col("source_seq") == FULL_LOAD_SEQ) & F.coalesce(is_unchanged, F.lit(False))
    dated = versions.withColumns(
        {
            "valid_from": F.max("source_committed_at").over(so_far),
            "_is_repeat": is_repeat,
            "_left_at": _left_at(key, floor),
        }
    )
    replaced_at = F.min(F.when(~F.col("_is_repeat"), F.col("valid_from"))).over(later)
    ended = dated.withColumn("_ended_at", F.least(replaced_at, "_left_at"))
    held = ~F.col("is_deleted") & ~F.col("_is_repeat")
    return ended.withColumns(
        {
            "valid_to": F.when(~held, F.col("valid_from")).when(
                F.col("_ended_at").isNotNull(), F.greatest("valid_from", "_ended_at")
            ),
            "is_current": held & F.col("_ended_at").isNull(),
        }
    ).drop("_is_repeat", "_left_at", "_ended_at")


def _left_at(key: tuple[str, ...], floor: str) -> Column:
    """Start of the newest full load, for versions from before it of rows that it does not hold."""
    if floor == NO_LOAD:
        return F.lit(None).cast("timestamp")
    started = datetime.strptime(floor[:-COUNTER_DIGITS], "%Y%m%d%H%M%S%f")  # noqa: DTZ007 (UTC)
    is_held = F.max(F.col("source_order") == floor).over(Window.partitionBy(*key))
    is_older = F.col("source_order") < floor
    return F.when(is_older & ~is_held, F.lit(f"{started}").cast("timestamp"))
