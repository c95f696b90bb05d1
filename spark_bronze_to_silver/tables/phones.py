"""Telephone numbers, by libphonenumber."""

from functools import lru_cache

import pandas as pd
import phonenumbers
from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql import types as t

REMEMBERED = 10_000
PARSED = t.StructType(
    [t.StructField("e164", t.StringType()), t.StructField("is_valid", t.BooleanType())]
)


def parsed_phone(number: Column, region: Column) -> Column:
    """Struct of e164 and is_valid; both null without a number, e164 null when it is not valid.

    region (ISO 3166, two letters) is the country whose national way of writing is meant when the
    number does not start with +; such a number is not valid without one.
    """
    return F.pandas_udf(_parse_all, PARSED)(number, region)


def _parse_all(numbers: pd.Series, regions: pd.Series) -> pd.DataFrame:
    pairs = zip(numbers, regions, strict=True)
    parsed = [_parse(n, r if isinstance(r, str) else None) for n, r in pairs]
    return pd.DataFrame(parsed, columns=["e164", "is_valid"], dtype=object)


@lru_cache(REMEMBERED)
def _parse(number: object, region: str | None) -> tuple[str | None, bool | None]:
    if not isinstance(number, str):
        return None, None
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None, False
    if not phonenumbers.is_valid_number(parsed):
        return None, False
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), True
