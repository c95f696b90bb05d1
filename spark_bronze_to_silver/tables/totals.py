"""Shared by tables that store a total beside the parts it is made of."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

MONEY = "decimal(18,2)"
TOTAL_MISMATCH = "total_mismatch"


def with_recalculated_total(rows: DataFrame, total: Column) -> DataFrame:
    """The stored total moves to source_total, total is recalculated, a difference is flagged."""
    recalculated = total.cast(MONEY)
    differs = F.col("total") != recalculated
    issues = F.when(differs, F.array_append("dq_issues", F.lit(TOTAL_MISMATCH)))
    return rows.withColumns(
        {
            "dq_issues": F.coalesce(issues, F.col("dq_issues")),
            "source_total": F.col("total"),
            "total": recalculated,
        }
    )
