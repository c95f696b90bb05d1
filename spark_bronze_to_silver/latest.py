"""Reduces a batch to the last change of every row."""

import functools
from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

# How many rows of the batch one row stands for.
VERSIONS = "_versions"
# Of columns and key: some for each table.
COMBINATIONS = 256


def latest_per_key(rows: DataFrame, key: Sequence[str]) -> DataFrame:
    """One row per key: the one with the highest source_order.

    The order is total, so the answer does not depend on files or partitions. Rows of one key tie
    on source_order when a row was delivered twice; they are equal then, and the rest of the order
    only settles what must not happen. `_versions` counts the rows that each one stands for.
    """
    content = tuple(c for c in rows.columns if c != "silver_processed_at")
    return rows.withColumns(_ranks(content, tuple(key))).where("_rank = 1").drop("_rank")


# Built once for the same columns, as in `conform`.
@functools.lru_cache(COMBINATIONS)
def _ranks(content: tuple[str, ...], key: tuple[str, ...]) -> dict[str, Column]:
    order = [
        F.col("source_order").desc(),
        F.col("source_committed_at").desc_nulls_last(),
        F.xxhash64(*content).desc(),
    ]
    window = Window.partitionBy(*key)
    return {
        "_rank": F.row_number().over(window.orderBy(*order)),
        VERSIONS: F.count("*").over(window),
    }
