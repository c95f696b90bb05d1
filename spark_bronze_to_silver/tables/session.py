"""Sessions: the events of one visit, which ends when nothing happens for more than 30 minutes."""

from collections.abc import Callable
from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.moments import now_beside

GAP_SECONDS = 30 * 60
FUNNEL = ("page_view", "product_view", "add_to_cart", "checkout", "purchase")
COUNTS = {
    "page_views": "page_view",
    "product_views": "product_view",
    "searches": "search",
    "clicks": "click",
    "add_to_carts": "add_to_cart",
    "checkouts": "checkout",
    "purchases": "purchase",
}


def derive(events: DataFrame) -> DataFrame:
    """One row per session; events are all live ones of some (tenant_id, session_id)."""
    of_browser = Window.partitionBy("tenant_id", "session_id").orderBy("created_at", "id")
    pause = _seconds(F.lag("created_at").over(of_browser), F.col("created_at"))
    parted = events.withColumn("_starts", F.when(pause > GAP_SECONDS, 1).otherwise(0)).withColumn(
        "_part", F.sum("_starts").over(of_browser) + 1
    )
    sessions = parted.groupBy("tenant_id", "session_id", "_part").agg(
        F.min("created_at").alias("started_at"),
        F.max("created_at").alias("ended_at"),
        F.count("*").alias("event_count"),
        *(F.count_if(F.col("event_type") == kind).alias(n) for n, kind in COUNTS.items()),
        _known(F.max, "customer_id").alias("customer_id"),
        _known(F.min, "page_url").alias("entry_page"),
        _known(F.max, "page_url").alias("exit_page"),
        F.max("source_order").alias("source_order"),
    )
    return sessions.withColumns(
        {
            "session_key": F.concat_ws("-", "session_id", "_part"),
            "duration_seconds": _seconds(F.col("started_at"), F.col("ended_at")),
            "furthest_step": _furthest_step(),
            "is_bounce": (F.col("event_count") == 1) & (F.col("page_views") == 1),
            "is_converted": F.col("purchases") > 0,
            "silver_processed_at": now_beside("session_id"),
        }
    )


def _seconds(begin: Column, end: Column) -> Column:
    """Seconds between two moments as the nearest double: whole microseconds are subtracted."""
    return (F.unix_micros(end) - F.unix_micros(begin)) / F.lit(1_000_000)


def _known(choose: Callable[[Column], Column], name: str) -> Column:
    """The value of the first (min) or last (max) event that has one."""
    ranked = F.struct("created_at", "id", name)
    return choose(F.when(F.col(name).isNotNull(), ranked))[name]


def _furthest_step() -> Column:
    columns = {kind: name for name, kind in COUNTS.items()}
    steps = [(kind, F.col(columns[kind]) > 0) for kind in FUNNEL]
    return reduce(
        lambda nearer, step: F.when(step[1], F.lit(step[0])).otherwise(nearer),
        steps,
        F.lit(None).cast("string"),
    )
