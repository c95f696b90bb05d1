"""The moment at which a batch is worked out, as a column."""

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812


def now_beside(name: str) -> Column:
    """The moment of the batch, the same in all its rows; name is any column of text.

    A moment that is a constant becomes part of the code that Spark generates, so every batch would
    compile a new one: 25 to 50 ms, for code that Java has never run. An array is handed to the
    code instead. Its index is always 0, and no constant, because it asks a column.
    """
    first = (F.length(F.coalesce(F.col(name), F.lit(""))) < 0).cast("int")
    return F.get(F.array(F.current_timestamp()), first)
