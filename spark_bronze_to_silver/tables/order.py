"""Orders: the total is what its parts say, whatever the application stored."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.tables.totals import with_recalculated_total


def clean(orders: DataFrame) -> DataFrame:
    """Adds source_total; total becomes subtotal + tax + shipping, issue total_mismatch."""
    return with_recalculated_total(orders, F.expr("subtotal + tax + shipping"))
