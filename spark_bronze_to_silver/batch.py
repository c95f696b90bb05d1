"""What Bronze rows of one table come to: typed, counted, reduced, cleaned."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from contracts import Contract
from spark_bronze_to_silver.conform import conform
from spark_bronze_to_silver.errors import MixedLoadTimesError, RowAccountingError
from spark_bronze_to_silver.generations import (
    FULL_LOAD_SEQ,
    NO_LOAD,
    Loads,
    just_below,
    with_absent_deleted,
)
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.kept import Kept
from spark_bronze_to_silver.latest import VERSIONS, latest_per_key
from spark_bronze_to_silver.quality.gate import measures, quality_of
from spark_bronze_to_silver.quality.result import BatchQuality
from spark_bronze_to_silver.schemas import (
    FILE,
    PROBLEM,
    RAW,
    silver_columns,
    typed_columns,
)
from spark_bronze_to_silver.selection import as_typed
from spark_bronze_to_silver.tables import cleaner, relator


@dataclass(frozen=True)
class TypedBatch:
    """All rows read, typed or with their problem.

    count counts them, those with a problem (bad) among them; loads are the starts of the full
    loads among the good ones, as their source_order, and lowest is the lowest source_order of all
    good ones; None when there are none.
    """

    rows: DataFrame
    count: int = 0
    bad: int = 0
    loads: frozenset[str] = frozenset()
    lowest: str | None = None

    @property
    def good(self) -> "TypedBatch":
        """The rows without a problem."""
        rows = self.rows.where(F.col(PROBLEM).isNull())
        return replace(self, rows=rows, count=self.count - self.bad, bad=0)


@dataclass(frozen=True)
class Merge:
    """Rows to commit, one per key.

    Of `changed`, which is kept, accepted rows come from the batch and stand for themselves
    and for superseded others; absent were stored and are not in the newest load; deleted are
    tombstones.
    """

    changed: DataFrame
    accepted: int
    superseded: int
    absent: int
    deleted: int
    quality: BatchQuality


def typed_batch(
    spark: SparkSession, contract: Contract, bronze_rows: Sequence[DataFrame], kept: Kept
) -> TypedBatch:
    """The rows of all frames as one kept batch. Raises MixedLoadTimesError."""
    if not bronze_rows:
        columns = {**typed_columns(contract), FILE: "string", PROBLEM: "string", RAW: "string"}
        nothing = ", ".join(f"`{n}` {t}" for n, t in columns.items())
        return TypedBatch(spark.createDataFrame([], nothing))
    frames = [conform(rows, contract) for rows in bronze_rows]
    typed = kept.keep(functools.reduce(DataFrame.unionByName, frames))
    files = _files_in(typed)
    _refuse_mixed_load_times(files)
    return TypedBatch(
        rows=typed,
        count=sum(f.rows for f in files),
        bad=sum(f.bad for f in files),
        loads=frozenset(f.last_load for f in files if f.last_load) - {NO_LOAD},
        lowest=min((f.lowest for f in files if f.lowest), default=None),
    )


def _files_in(typed: DataFrame) -> list[Row]:
    """One row per file: its rows, the bad ones, and of its good ones the first and last load that
    they name and their lowest order.
    """
    is_loaded = F.col(PROBLEM).isNull() & (F.col("source_seq") == FULL_LOAD_SEQ)
    order = F.when(is_loaded, F.col("source_order"))
    return (
        typed.groupBy(FILE)
        .agg(
            F.count("*").alias("rows"),
            F.count(PROBLEM).alias("bad"),
            F.min(F.when(order != NO_LOAD, order)).alias("first_load"),
            F.max(order).alias("last_load"),
            F.min(F.when(F.col(PROBLEM).isNull(), F.col("source_order"))).alias("lowest"),
        )
        .collect()
    )


def merge_of(
    batch: TypedBatch, contract: Contract, table: HudiTable, kept: Kept, loads: Loads
) -> Merge:
    """What the batch changes in the table. Raises RowAccountingError on a defect of the job."""
    silver_rows = batch.good.rows.select(*typed_columns(contract))
    latest = latest_per_key(silver_rows, contract.key)
    if loads.floor_grew and table.exists():
        vanished = _vanished(table, latest, loads.floor)
        latest = latest.unionByName(vanished, allowMissingColumns=True)
    if loads.floor_grew or (batch.lowest or loads.floor) < loads.floor:
        latest = with_absent_deleted(latest, loads.floor, contract.key)
    rows = kept.keep(_as_contracted(cleaner(contract.name)(latest), contract, VERSIONS))
    counts = rows.agg(
        F.count("*").alias("rows"),
        F.count_if(F.col(VERSIONS) > 0).alias("accepted"),
        F.coalesce(F.sum(VERSIONS), F.lit(0)).alias("versions"),
        F.count_if("is_deleted").alias("deleted"),
        *measures(contract),
    ).first()
    _refuse_wrong_accounts(rows, counts, batch, contract)
    return Merge(
        changed=rows,
        accepted=counts.accepted,
        superseded=counts.versions - counts.accepted,
        absent=counts.rows - counts.accepted,
        deleted=counts.deleted,
        quality=quality_of(contract, counts),
    )


def _refuse_wrong_accounts(
    rows: DataFrame, counts: Row, batch: TypedBatch, contract: Contract
) -> None:
    # A row that came twice would stand for its versions twice, unless it stands for none.
    keys = counts.rows
    if counts.rows > counts.accepted:
        keys = rows.select(*contract.key).distinct().count()
    if not (counts.rows == keys and counts.versions + batch.bad == batch.count):
        raise RowAccountingError(
            f"{contract.name}: {batch.count} rows read, {batch.bad} of them for the quarantine; "
            f"{counts.rows} rows for {keys} keys would stand for {counts.versions}. "
            "Nothing was committed. Either a Bronze file changed while it was read, then run the "
            "job again, or this is a defect of the job."
        )


def _vanished(table: HudiTable, latest: DataFrame, floor: str) -> DataFrame:
    """Stored rows that sort below the floor and that the batch has nothing for."""
    stored = table.keys_below(just_below(floor))
    gone = stored.join(latest.select(*table.key), on=list(table.key), how="left_anti")
    return gone.withColumns(
        {
            "silver_processed_at": F.current_timestamp(),
            "dq_issues": F.array().cast("array<string>"),
            VERSIONS: F.lit(0).cast("bigint"),
        }
    )


def related(
    contract: Contract,
    batch: DataFrame,
    stored: Callable[[], DataFrame],
    versions: DataFrame | None,
    kept: Kept,
) -> DataFrame:
    """What is to be written: the batch, or the rows that the table's `relate` makes of it, kept.

    `relate(batch, stored, versions)` fills columns that depend on other rows: of the table as it
    is stored, or on all versions of the batch's rows (None for a table without history). It may
    return stored rows beside those of the batch, at most one per key, each the newest of its key.
    """
    relate = relator(contract.name)
    if relate is None:
        return batch
    return kept.keep(_as_contracted(relate(batch, stored(), versions), contract))


def _as_contracted(rows: DataFrame, contract: Contract, *beside: str) -> DataFrame:
    """The Silver columns of the contract, in its order and types, and those to keep beside them.

    Derived columns that hold personal data are null in tombstones, as the source's own are. Those
    that depend on other rows are null until `related` fills them.
    """
    unknown = [c for c in contract.derived if c.from_other_rows and c.name not in rows.columns]
    personal = [c.name for c in contract.derived if c.is_personal]
    values = {name: F.when(~F.col("is_deleted"), F.col(name)) for name in personal}
    values |= {c.name: F.lit(None) for c in unknown}
    filled = rows.withColumns(values) if values else rows
    return as_typed(filled, silver_columns(contract), *beside)


def _refuse_mixed_load_times(files: Sequence[Row]) -> None:
    for f in files:
        if f.first_load and f.first_load != f.last_load:
            raise MixedLoadTimesError(
                f"full-load file {f[FILE]}: its rows name several starts of their load, from "
                f"{f.first_load[:16]} to {f.last_load[:16]}. Silver could not tell which rows "
                "a later load no longer holds. Nothing was committed. Set "
                "UseTaskStartTimeForFullLoadTimestamp to true at the S3 endpoint and load the "
                "table again."
            )
