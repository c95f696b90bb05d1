"""Shared by tables that store a total beside the parts it is made of."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.tables.issues import with_issues

MONEY = "decimal(18,2)"
TOTAL_MISMATCH = "total_mismatch"


def with_recalculated_total(rows: DataFrame, total: Column) -> DataFrame:
    """The stored total moves to source_total, total is recalculated, a difference is flagged."""
    recalculated = rows.withColumns({"source_total": F.col("total"), "total": total.cast(MONEY)})
    return with_issues(recalculated, {TOTAL_MISMATCH: F.col("source_total") != F.col("total")})
