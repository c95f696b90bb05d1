"""Subscriptions: what they bring a month, and whether they ended."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.tables.issues import with_issues
from spark_bronze_to_silver.tables.totals import MONEY

ENDED = ("cancelled", "expired")


def clean(subscriptions: DataFrame) -> DataFrame:
    """Adds mrr, is_churn_event and churned_on.

    Issues: end_before_start, active_with_past_end (past on the day of the change itself, so that
    a replay finds the same).
    """
    is_active, has_ended = F.col("status") == "active", F.col("status").isin(*ENDED)
    flagged = with_issues(
        subscriptions,
        {
            "end_before_start": F.col("end_date") < F.col("start_date"),
            "active_with_past_end": is_active
            & (F.col("end_date") < F.to_date("source_committed_at")),
        },
    )
    return flagged.withColumns(
        {
            "mrr": F.when(is_active, F.col("monthly_amount"))
            .when(F.col("status").isNotNull(), F.lit(0))
            .cast(MONEY),
            "is_churn_event": has_ended,
            "churned_on": F.when(has_ended, F.col("end_date")),
        }
    )
