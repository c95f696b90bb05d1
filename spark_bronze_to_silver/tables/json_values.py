"""Typed values of a JSON object, whatever an application has put into it.

A document that is no object and a value that its type cannot take give null; both can be told
apart from what is absent, so that the row can be flagged.
"""

from collections.abc import Iterable, Mapping

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.tables.texts import trimmed


def json_object(text: str) -> Column:
    """The object in the column of that name, as a map to text; null when there is none.

    Nested values stay JSON. Only an object counts: a list or a bare value does not.
    """
    is_object = F.col(text).rlike(r"^\s*\{")
    return F.when(is_object, F.from_json(text, "map<string,string>"))


def typed_values(document: Column, keys: Mapping[str, str]) -> dict[str, Column]:
    """Column by key of the document, in the Spark SQL types given; blank text is null."""
    return {key: trimmed(document[key]).cast(kind) for key, kind in keys.items()}


def is_malformed(text: str, document: Column, keys: Mapping[str, str]) -> Column:
    """Whether the text holds no object, or one with a value that its type cannot take."""
    wrong: Iterable[Column] = (
        trimmed(document[key]).isNotNull() & value.isNull()
        for key, value in typed_values(document, keys).items()
    )
    malformed = F.col(text).isNotNull() & document.isNull()
    for condition in wrong:
        malformed = malformed | F.coalesce(condition, F.lit(False))
    return malformed
