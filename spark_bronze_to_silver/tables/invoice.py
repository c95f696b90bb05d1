"""Invoices: whether and when they were paid, and whether status and dates agree.

Nothing here looks at the clock or at another table. What is overdue is judged on the day of the
row's last change; Gold judges it on its as-of date, and compares amounts with subscriptions.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.tables.issues import with_issues
from spark_bronze_to_silver.tables.tombstones import is_told

UNPAID = ("sent", "overdue")
OK = "ok"


def clean(invoices: DataFrame) -> DataFrame:
    """Adds is_paid, days_to_pay, days_overdue and reconciliation_status.

    Issues, which are also the reconciliation status (the first that holds): paid_without_date,
    date_without_paid_status, overdue_not_flagged.
    """
    is_paid, has_date = F.col("status") == "paid", F.col("paid_date").isNotNull()
    seen_on = F.to_date("source_committed_at")
    findings = {
        "paid_without_date": is_paid & ~has_date,
        "date_without_paid_status": ~is_paid & has_date,
        "overdue_not_flagged": (F.col("status") == "sent") & (F.col("due_date") < seen_on),
    }
    settled_on = F.when(is_paid, F.col("paid_date")).when(F.col("status").isin(*UNPAID), seen_on)
    status = [F.when(condition, F.lit(code)) for code, condition in findings.items()]
    return with_issues(invoices, findings).withColumns(
        {
            "is_paid": is_paid,
            "days_to_pay": F.when(is_paid, F.datediff("paid_date", "issue_date")),
            "days_overdue": F.when(
                settled_on.isNotNull(), F.greatest(F.datediff(settled_on, "due_date"), F.lit(0))
            ),
            "reconciliation_status": F.when(is_told("status"), F.coalesce(*status, F.lit(OK))),
        }
    )
