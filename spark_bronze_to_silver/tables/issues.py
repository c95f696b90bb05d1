"""Flags rows that break a rule: the row is kept, its dq_issues name the rule."""

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812


def with_issues(rows: DataFrame, issues: Mapping[str, Column]) -> DataFrame:
    """dq_issues holds each of these codes exactly when its condition is true; others stay.

    A condition that is null does not hold. Tombstones have no issues: what they lost is no defect.
    """
    live = ~F.col("is_deleted")
    found = [F.when(live & condition, F.lit(code)) for code, condition in issues.items()]
    others = F.array_except("dq_issues", F.array(*map(F.lit, issues)))
    return rows.withColumn(
        "dq_issues", F.array_sort(F.concat(others, F.array_compact(F.array(*found))))
    )
