"""Texts as people have typed them."""

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812

# Of any kind, no-break spaces among them; Spark's own trim takes off plain spaces alone.
WHITE_SPACE_AROUND = r"(?U)^\s+|\s+$"


def trimmed(text: Column) -> Column:
    """The text without white space around it; null when nothing is left."""
    return F.nullif(F.regexp_replace(text, WHITE_SPACE_AROUND, ""), F.lit(""))
