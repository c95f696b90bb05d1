"""Rows that belong together: what a batch changes in one of them can concern them all."""

from collections.abc import Sequence

from pyspark.sql import DataFrame

from spark_bronze_to_silver.latest import latest_per_key


def touched_groups(
    batch: DataFrame, stored: DataFrame, key: Sequence[str], group: Sequence[str]
) -> DataFrame:
    """The groups of the batch's rows, as they come and as they were stored; null is no group."""
    before = stored.join(batch.select(*key), on=list(key), how="left_semi")
    return batch.select(*group).unionByName(before.select(*group)).dropna().distinct()


def current_rows(
    batch: DataFrame,
    stored: DataFrame,
    key: Sequence[str],
    group: Sequence[str],
    groups: DataFrame,
) -> DataFrame:
    """The newest version of every row of the batch and of these groups."""
    before = stored.join(batch.select(*key), on=list(key), how="left_semi")
    members = stored.join(groups, on=list(group), how="left_semi")
    rows = (batch, before.select(*batch.columns), members.select(*batch.columns))
    return latest_per_key(rows[0].unionByName(rows[1]).unionByName(rows[2]), key)
