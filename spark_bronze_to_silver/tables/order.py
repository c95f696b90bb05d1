"""Orders: the total is what its parts say, the details of metadata stand in columns."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.tables.issues import with_issues
from spark_bronze_to_silver.tables.json_values import is_malformed, json_object, typed_values
from spark_bronze_to_silver.tables.totals import with_recalculated_total

KEYS = {"payment_method": "string"}
ADDRESS = "$.shipping_address"


def clean(orders: DataFrame) -> DataFrame:
    """Adds source_total and the typed values of metadata; total becomes subtotal + tax + shipping.

    Issues: total_mismatch, malformed_metadata, completed_without_date, date_without_completion,
    completed_before_order.
    """
    metadata = json_object("metadata")
    is_completed, has_date = F.col("status") == "completed", F.col("completed_at").isNotNull()
    flagged = with_issues(
        with_recalculated_total(orders, F.expr("subtotal + tax + shipping")),
        {
            "malformed_metadata": is_malformed("metadata", metadata, KEYS),
            "completed_without_date": is_completed & ~has_date,
            "date_without_completion": ~is_completed & has_date,
            "completed_before_order": F.col("completed_at") < F.col("order_date"),
        },
    )
    return flagged.withColumns(
        {
            "payment_method": F.lower(typed_values(metadata, KEYS)["payment_method"]),
            "shipping_country": F.upper(F.get_json_object("metadata", f"{ADDRESS}.country")),
            "shipping_city": F.get_json_object("metadata", f"{ADDRESS}.city"),
        }
    )
