"""Order items: the line total is what quantity, price and discount say."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.tables.totals import with_recalculated_total


def clean(items: DataFrame) -> DataFrame:
    """Adds source_total; total becomes quantity x unit_price - discount, issue total_mismatch."""
    return with_recalculated_total(items, F.expr("quantity * unit_price - discount"))
