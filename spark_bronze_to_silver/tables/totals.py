"""Shared by tables that store a total beside the parts it is made of."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.tables.issues import with_issues

MONEY = "decimal(18,2)"
TOTAL_MISMATCH = "total_mismatch"


def with_recalculated_total(rows: DataFrame, total: Column) -> DataFrame:
    """The stored total moves to source_total, total is recalculated, a difference is flagged.

    A total that the type cannot hold is null, and so a difference.
    """
    recalculated = rows.withColumns({"source_total": F.col("total"), "total": total.cast(MONEY)})
    is_same = F.col("source_total").eqNullSafe(F.col("total"))
    return with_issues(recalculated, {TOTAL_MISMATCH: ~is_same})
