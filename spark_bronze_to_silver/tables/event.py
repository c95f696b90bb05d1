"""Events: details in columns, the visitor's device, and no full network address."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.tables.issues import with_issues
from spark_bronze_to_silver.tables.json_values import is_malformed, json_object, typed_values
from spark_bronze_to_silver.tables.tombstones import is_told
from spark_bronze_to_silver.tables.totals import MONEY
from spark_bronze_to_silver.tables.visitors import anonymised_address, device_of

KEYS = {
    "url": "string",
    "product_id": "string",
    "search_term": "string",
    "cart_value": MONEY,
    "order_id": "string",
    "referrer": "string",
    "utm_source": "string",
    "utm_medium": "string",
    "utm_campaign": "string",
}


def clean(events: DataFrame) -> DataFrame:
    """Anonymises ip_address; adds the typed values of event_data, the device, is_anonymous.

    Issues: malformed_event_data, invalid_ip_address (null then), negative_cart_value.
    """
    details = json_object("event_data")
    given = typed_values(details, KEYS)
    network = anonymised_address(F.col("ip_address"))
    seen = events.withColumns(
        {
            **{"page_url" if key == "url" else key: value for key, value in given.items()},
            "_network": network,
            "_device": device_of(F.col("user_agent")),
            "is_anonymous": F.when(is_told("event_type"), F.col("customer_id").isNull()),
        }
    )
    flagged = with_issues(
        seen,
        {
            "malformed_event_data": is_malformed("event_data", details, KEYS),
            "invalid_ip_address": F.col("ip_address").isNotNull() & F.col("_network").isNull(),
            "negative_cart_value": F.col("cart_value") < 0,
        },
    )
    return flagged.withColumns(
        {
            "ip_address": F.col("_network"),
            **{name: F.col(f"_device.{name}") for name in ("device_type", "browser", "os")},
        }
    ).drop("_network", "_device")
