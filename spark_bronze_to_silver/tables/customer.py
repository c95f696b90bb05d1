"""Customers: normalised contact data, demographics in columns, duplicates recognised."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.tables.duplicates import with_canonical_ids
from spark_bronze_to_silver.tables.issues import with_issues
from spark_bronze_to_silver.tables.json_values import is_malformed, json_object, typed_values
from spark_bronze_to_silver.tables.phones import parsed_phone
from spark_bronze_to_silver.tables.texts import trimmed

EMAIL = r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$"
COUNTRY = "^[A-Za-z]{2}$"
# The clocks of the application and of the database differ, and a full load is dated by its start.
CLOCK_DRIFT = "interval 1 hour"
KEYS = {
    "country": "string",
    "age_band": "string",
    "acquisition_channel": "string",
    "marketing_consent": "boolean",
}


def clean(customers: DataFrame) -> DataFrame:
    """Adds normalised contact data and the typed values of metadata; duplicates come later.

    Issues: invalid_email, invalid_phone, future_created_at (over an hour after the change),
    malformed_metadata, invalid_country (no code of two letters; null then).
    """
    metadata = json_object("metadata")
    given = typed_values(metadata, KEYS)
    is_country = given["country"].rlike(COUNTRY)
    language = trimmed(F.get_json_object("metadata", "$.preferences.language"))
    typed = customers.withColumns(
        {
            "email_normalised": F.lower(trimmed(F.col("email"))),
            "country": F.when(is_country, F.upper(given["country"])),
            "age_band": given["age_band"],
            "acquisition_channel": F.lower(given["acquisition_channel"]),
            "marketing_consent": given["marketing_consent"],
            "language": F.lower(language),
        }
    )
    phoned = _with_phone(typed)
    latest = F.col("source_committed_at") + F.expr(CLOCK_DRIFT)
    return with_issues(
        phoned,
        {
            "invalid_email": ~F.coalesce(F.col("email_normalised").rlike(EMAIL), F.lit(False)),
            "invalid_phone": ~F.col("is_phone_valid"),
            "future_created_at": F.col("created_at") > latest,
            "malformed_metadata": is_malformed("metadata", metadata, KEYS),
            "invalid_country": ~is_country,
        },
    )


def relate(batch: DataFrame, stored: DataFrame, versions: DataFrame | None) -> DataFrame:
    """Fills canonical_customer_id and is_duplicate, of the batch and of stored duplicates."""
    return with_canonical_ids(batch, stored)


def _with_phone(customers: DataFrame) -> DataFrame:
    """A number without + is read as one of the customer's own country."""
    number = parsed_phone(trimmed(F.col("phone")), F.col("country"))
    parsed = customers.withColumn("_phone", number)
    return parsed.withColumns(
        {"phone_e164": F.col("_phone.e164"), "is_phone_valid": F.col("_phone.is_valid")}
    ).drop("_phone")
