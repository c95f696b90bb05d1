"""Rows brought into the columns of a table."""

from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812


def as_typed(rows: DataFrame, columns: Mapping[str, str], *beside: str) -> DataFrame:
    """The rows with these columns (name to Spark SQL type), in this order, and those beside them.

    A column that has its type is only named: casts of everything would take a tenth of a small
    batch's calls into Java, and Spark time to find out that they do nothing.
    """
    found = dict(rows.dtypes)
    if list(found.items()) == list(columns.items()) and not beside:
        return rows
    typed = [n if found[n] == t else F.col(n).cast(t).alias(n) for n, t in columns.items()]
    return rows.select(*typed, *beside)
