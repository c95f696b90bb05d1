"""Orders: the total is what its parts say, the details of metadata stand in columns."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.latest import latest_per_key
from spark_bronze_to_silver.tables.issues import with_issues
from spark_bronze_to_silver.tables.json_values import is_malformed, json_object, typed_values
from spark_bronze_to_silver.tables.texts import trimmed
from spark_bronze_to_silver.tables.totals import with_recalculated_total

KEY = ("tenant_id", "id")
KEYS = {"payment_method": "string"}
# From, to.
TRANSITIONS = (
    ("pending", "processing"),
    ("processing", "completed"),
    ("pending", "cancelled"),
    ("processing", "cancelled"),
)
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
            "shipping_country": F.upper(_address("country")),
            "shipping_city": _address("city"),
        }
    )


def relate(batch: DataFrame, stored: DataFrame, versions: DataFrame) -> DataFrame:
    """Fills previous_status, from all versions of the orders; issue invalid_status_transition.

    What arrives late can concern the stored row, so that is written again then.
    """
    before = stored.join(versions.select(*KEY), on=list(KEY), how="left_semi")
    orders = latest_per_key(batch.unionByName(before.select(*batch.columns)), KEY)
    known = orders.drop("previous_status").join(_previous_statuses(versions), list(KEY), "left")
    transition = F.concat_ws(">", "previous_status", "status")
    is_allowed = transition.isin([f"{old}>{new}" for old, new in TRANSITIONS])
    return with_issues(
        known.withColumn("previous_status", F.when(~F.col("is_deleted"), F.col("previous_status"))),
        {"invalid_status_transition": F.col("previous_status").isNotNull() & ~is_allowed},
    )


def _address(part: str) -> Column:
    return trimmed(F.get_json_object("metadata", f"{ADDRESS}.{part}"))


def _previous_statuses(versions: DataFrame) -> DataFrame:
    """Per order the status before its last change of status, since it was last created."""
    change = F.struct("source_order", "is_deleted", "status", "valid_from", "valid_to")
    log = versions.groupBy(*KEY).agg(F.sort_array(F.collect_list(change)).alias("log"))
    nothing = _statuses(F.lit(None), F.lit(None), F.lit(None))
    last = F.aggregate("log", nothing, _after)
    return log.select(*KEY, last["previous"].alias("previous_status"))


def _after(known: Column, change: Column) -> Column:
    """A deletion ends what is known of the order; so does a time without it, of which none told."""
    was_away = F.coalesce(known["until"] < change["valid_from"], F.lit(False))
    current = F.when(~was_away, known["current"])
    previous = F.when(~was_away, known["previous"])
    held = change["valid_to"].isNull() | (change["valid_to"] > change["valid_from"])
    until = F.when(held, change["valid_to"]).when(~was_away, known["until"])
    return (
        F.when(change["is_deleted"], _statuses(F.lit(None), F.lit(None), F.lit(None)))
        .when(change["status"].eqNullSafe(current), _statuses(current, previous, until))
        .otherwise(_statuses(change["status"], current, until))
    )


def _statuses(current: Column, previous: Column, until: Column) -> Column:
    return F.struct(
        current.cast("string").alias("current"),
        previous.cast("string").alias("previous"),
        until.cast("timestamp").alias("until"),
    )
