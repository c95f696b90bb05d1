"""Which customers of a tenant are the same person: those with one normalised e-mail address.

The one that was created first stands for all of them (canonical). A batch can move that: an
earlier one arrives late, the canonical one is deleted, an address changes. So each batch decides
anew for every group that it touches, from the stored rows and its own.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.latest import latest_per_key

KEY = ("tenant_id", "id")
GROUP = ("tenant_id", "email_normalised")


def with_canonical_ids(batch: DataFrame, stored: DataFrame) -> DataFrame:
    """The current rows of all groups that the batch touches, with their canonical ids.

    A group is touched when the batch has a row of it, or takes a stored row out of it.
    """
    ours = stored.join(batch.select(*KEY), on=list(KEY), how="left_semi")
    groups = batch.select(*GROUP).unionByName(ours.select(*GROUP)).dropna().distinct()
    others = stored.join(groups, on=list(GROUP), how="left_semi").select(stored.columns)
    together = batch.unionByName(ours.select(stored.columns)).unionByName(others)
    return _resolved(latest_per_key(together, KEY))


def _resolved(customers: DataFrame) -> DataFrame:
    live = ~F.col("is_deleted")
    person = F.when(live, F.coalesce("email_normalised", "id"))
    earliest_first = Window.partitionBy("tenant_id", person).orderBy(
        F.col("created_at").asc_nulls_last(), F.col("id")
    )
    canonical: Column = F.when(live, F.first("id").over(earliest_first))
    return customers.withColumn("canonical_customer_id", canonical).withColumn(
        "is_duplicate", live & (F.col("canonical_customer_id") != F.col("id"))
    )
