"""Rows that a batch uses several times: worked out once, and kept until the batch is over."""

from typing import Self

from pyspark.sql import DataFrame

# Each takes one or two kilobytes of the driver, and a batch keeps half a dozen frames a table.
FEW_ROWS = 5_000


class Kept:
    """Frames that are worked out once, until the `with` block ends.

    Few rows are kept by the driver, in one partition: what follows from them needs no shuffle, and
    Spark's plans begin anew with them, where a persisted frame's whole past is looked through
    again for each step. That is a quarter of a small batch's time. More rows are persisted by the
    executors, so the driver's memory does not grow with the data.
    """

    def __init__(self, *, few: bool = True) -> None:
        """few says that a frame may have few rows; without it none is looked at."""
        self._few = few
        self._persisted: list[DataFrame] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for rows in self._persisted:
            rows.unpersist()

    def keep(self, rows: DataFrame) -> DataFrame:
        """The same rows, to be used in place of the frame."""
        return self._by_the_driver(rows) if self._few else self._by_executors(rows)

    def _by_the_driver(self, rows: DataFrame) -> DataFrame:
        found = rows.limit(FEW_ROWS + 1)._jdf.collectAsList()
        if found.size() > FEW_ROWS:
            # What follows from many rows is hardly ever few.
            self._few = False
            return self._by_executors(rows)
        spark = rows.sparkSession
        local = spark._jsparkSession.createDataFrame(found, rows._jdf.schema())
        return DataFrame(local, spark).coalesce(1)

    def _by_executors(self, rows: DataFrame) -> DataFrame:
        rows = rows.persist()
        self._persisted.append(rows)
        return rows
