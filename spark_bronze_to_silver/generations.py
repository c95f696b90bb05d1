"""A full load is a snapshot: a row that it does not hold was deleted in the source before it.

Every full load of a table (the first one, a reload, a task that was started anew) is a
generation. DMS writes no delete for a row that vanished between two generations, so the job
infers it. All versions of a row are ordered by `source_order`: a change by its sequence, a loaded
row by the start of its load, which no later change of the same task sorts before. The floor is
the start of the newest load ever seen. A row whose newest version sorts below it is not in that
snapshot and becomes a tombstone just below the floor. A file of the load that arrives late sorts
above that tombstone and brings its rows back, so any order of arrival ends the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.latest import VERSIONS

# Full-load rows have no change sequence; zeros sort before every change.
FULL_LOAD_SEQ = "0" * 35
# The change sequence of DMS: 16 digits of time (hundredths of a second), 19 digits of counter.
COUNTER_DIGITS = 19
TIME_FORMAT = "yyyyMMddHHmmssSS"
NO_LOAD = FULL_LOAD_SEQ
# What a tombstone of an absent row keeps beside its key: the job's own columns.
KEPT = ("silver_processed_at", "dq_issues", VERSIONS)


@dataclass(frozen=True)
class Loads:
    """The starts of a table's full loads, as source_order.

    known are those that earlier batches have told of, told those that this one tells of.
    """

    known: frozenset[str]
    told: frozenset[str]

    @classmethod
    def of(cls, known: Iterable[str], told: Iterable[str]) -> "Loads":
        """From any starts; those that nobody knows (zeros) are left out."""
        return cls(frozenset(known) - {NO_LOAD}, frozenset(told) - {NO_LOAD})

    @property
    def all(self) -> frozenset[str]:
        """All that are known now."""
        return self.known | self.told

    @property
    def new(self) -> frozenset[str]:
        """Those that were not known before."""
        return self.told - self.known

    @property
    def floor(self) -> str:
        """The newest; zeros without any."""
        return max(self.all, default=NO_LOAD)

    @property
    def floor_grew(self) -> bool:
        """Whether the newest was not known before."""
        return self.floor > max(self.known, default=NO_LOAD)


def order_of_load(started_at: Column) -> Column:
    """source_order of rows that a load with this start wrote; zeros when the start is unknown."""
    digits = F.date_format(started_at, TIME_FORMAT)
    return F.coalesce(F.concat(digits, F.lit("0" * COUNTER_DIGITS)), F.lit(NO_LOAD))


def floor_of_load(started_at: datetime | None) -> str:
    """The same for one moment (UTC when it has no zone); zeros for None."""
    if started_at is None:
        return NO_LOAD
    moment = started_at.astimezone(UTC) if started_at.tzinfo else started_at
    hundredths = moment.microsecond // 10_000
    return f"{moment:%Y%m%d%H%M%S}{hundredths:02d}" + "0" * COUNTER_DIGITS


def start_of_load(order: str) -> datetime:
    """The moment (naive, UTC) at which the load with this source_order began."""
    return datetime.strptime(order[:-COUNTER_DIGITS], "%Y%m%d%H%M%S%f")  # noqa: DTZ007


def just_below(floor: str) -> str:
    """The highest source_order below the floor."""
    return str(int(floor) - 1).zfill(len(floor))


def with_absent_deleted(rows: DataFrame, floor: str, key: Sequence[str]) -> DataFrame:
    """The same rows; those below the floor become tombstones of the load that lacks them.

    Such a tombstone keeps the key alone: which of a row's older versions arrived first must not
    show in it.
    """
    order = F.lit(just_below(floor))
    values = {
        **{name: F.col(name) for name in (*key, *KEPT)},
        "is_deleted": F.lit(True),
        "source_op": F.lit("D"),
        "source_seq": order,
        "source_order": order,
        "source_committed_at": F.lit(f"{start_of_load(floor)}").cast("timestamp"),
    }
    is_absent = F.col("source_order") < floor
    return rows.select(
        [
            F.when(is_absent, values.get(name, F.lit(None))).otherwise(F.col(name)).alias(name)
            for name in rows.columns
        ]
    )
