"""Tenants: what their settings say, in typed columns."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.tables.issues import with_issues
from spark_bronze_to_silver.tables.json_values import is_malformed, json_object, typed_values

TIERS = ("enterprise", "mid_market", "small")
TEXTS = dict.fromkeys(("plan", "tier", "currency", "country"), "string")
CURRENCY = "^[A-Za-z]{3}$"


def clean(tenants: DataFrame) -> DataFrame:
    """Adds plan, tier, currency, country and features.

    Issues: malformed_settings (also for a null among the features, which is left out), unknown_tier
    (the tier is null then), invalid_currency (no code of three letters; null then).
    """
    settings = json_object("settings")
    given = typed_values(settings, TEXTS)
    tier = F.regexp_replace(F.lower(given["tier"]), "[ -]+", "_")
    is_currency = given["currency"].rlike(CURRENCY)
    listed = F.from_json(settings["features"], "array<string>")
    # Also because Hudi's writer refuses an array with a null, and with it the whole batch.
    features = F.array_compact(listed)
    is_no_list = settings["features"].isNotNull() & listed.isNull()
    has_gaps = F.size(features) < F.size(listed)
    flagged = with_issues(
        tenants,
        {
            "malformed_settings": is_malformed("settings", settings, TEXTS)
            | F.coalesce(is_no_list | has_gaps, F.lit(False)),
            "unknown_tier": ~tier.isin(*TIERS),
            "invalid_currency": ~is_currency,
        },
    )
    return flagged.withColumns(
        {
            "plan": F.lower(given["plan"]),
            "tier": F.when(tier.isin(*TIERS), tier),
            "currency": F.when(is_currency, F.upper(given["currency"])),
            "country": F.upper(given["country"]),
            "features": features,
        }
    )
