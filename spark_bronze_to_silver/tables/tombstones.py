"""What a deleted row still says."""

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812


def is_told(name: str) -> Column:
    """Whether something follows from this column: a tombstone may hold the key alone."""
    return F.col(name).isNotNull() | ~F.col("is_deleted")
