"""Which customers of a tenant are the same person: those with one normalised e-mail address.

The one that was created first stands for all of them (canonical). A batch can move that: an
earlier one arrives late, the canonical one is deleted, an address changes. So each batch decides
anew for every group that it touches, from the stored rows and its own.
"""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.groups import current_rows, touched_groups

KEY = ("tenant_id", "id")
PERSON = ("tenant_id", "email_normalised")


def with_canonical_ids(batch: DataFrame, stored: DataFrame) -> DataFrame:
    """The current rows of all persons that the batch touches, with their canonical ids."""
    persons = touched_groups(batch, stored, KEY, PERSON)
    customers = current_rows(batch, stored, KEY, PERSON, persons)
    live = ~F.col("is_deleted")
    person = F.when(live, F.coalesce("email_normalised", "id"))
    earliest_first = Window.partitionBy("tenant_id", person).orderBy(
        F.col("created_at").asc_nulls_last(), F.col("id")
    )
    canonical = F.when(live, F.first("id").over(earliest_first))
    return customers.withColumn("canonical_customer_id", canonical).withColumn(
        "is_duplicate", live & (F.col("canonical_customer_id") != F.col("id"))
    )
