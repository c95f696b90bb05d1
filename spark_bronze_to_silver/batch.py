"""What the unread Bronze files of one table come to: typed, counted, reduced, cleaned."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from contracts import Contract
from spark_bronze_to_silver.conform import PROBLEM, conform
from spark_bronze_to_silver.errors import (
    MixedLoadTimesError,
    RowAccountingError,
    UntypableRowsError,
)
from spark_bronze_to_silver.generations import (
    FULL_LOAD_SEQ,
    NO_LOAD,
    just_below,
    with_absent_deleted,
)
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.latest import latest_per_key
from spark_bronze_to_silver.read_bronze import read_bronze
from spark_bronze_to_silver.schemas import FILE, silver_columns, typed_columns
from spark_bronze_to_silver.tables import cleaner, relator

EXAMPLES = 3


@dataclass(frozen=True)
class TypedBatch:
    """All rows of the files, typed; floor is the start of the newest load among them."""

    rows: DataFrame
    count: int
    floor: str


@dataclass(frozen=True)
class Merge:
    """Rows to commit, one per key.

    Of `changed`, which is persisted, accepted rows come from the batch; absent were stored and
    are not in the newest load; deleted are tombstones. `rows` also has what the table's `relate`
    adds to them.
    """

    changed: DataFrame
    rows: DataFrame
    accepted: int
    absent: int
    deleted: int


def typed_batch(spark: SparkSession, contract: Contract, paths: Sequence[str]) -> TypedBatch:
    """The files' rows. Raises a SilverJobError that names the first thing that does not fit."""
    frames = [conform(rows, contract) for rows in read_bronze(spark, paths, contract)]
    if not frames:
        nothing = ", ".join(f"`{n}` {t}" for n, t in typed_columns(contract).items())
        return TypedBatch(spark.createDataFrame([], nothing), 0, NO_LOAD)
    typed = functools.reduce(DataFrame.unionByName, frames)
    order = F.when(F.col("source_seq") == FULL_LOAD_SEQ, F.col("source_order"))
    files = (
        typed.groupBy(FILE)
        .agg(
            F.count("*").alias("rows"),
            F.count(PROBLEM).alias("bad"),
            F.min(F.when(order != NO_LOAD, order)).alias("first_load"),
            F.max(order).alias("last_load"),
        )
        .collect()
    )
    _refuse_problems(typed, contract, files)
    _refuse_mixed_load_times(files)
    return TypedBatch(
        rows=typed.drop(PROBLEM, FILE),
        count=sum(f.rows for f in files),
        floor=max((f.last_load for f in files if f.last_load), default=NO_LOAD),
    )


def merge_of(
    batch: TypedBatch, contract: Contract, table: HudiTable, *, floor: str, floor_grew: bool
) -> Merge:
    """What the batch changes in the table. Raises RowAccountingError on a defect of the job."""
    latest = latest_per_key(batch.rows, contract.key)
    absent = 0
    if floor_grew and table.exists():
        vanished = _vanished(table, latest, floor)
        absent = vanished.count()
        latest = latest.unionByName(vanished, allowMissingColumns=True)
    rows = with_absent_deleted(latest, floor, contract.key)
    rows = _as_contracted(cleaner(contract.name)(rows), contract).persist()
    counts = rows.agg(
        F.count("*").alias("rows"),
        F.count_if("is_deleted").alias("deleted"),
        F.count_distinct(*contract.key).alias("keys"),
    ).first()
    accepted = counts.rows - absent
    if not (counts.rows == counts["keys"] and 0 <= accepted <= batch.count):
        rows.unpersist()
        raise RowAccountingError(
            f"{contract.name}: {batch.count} rows read, {accepted} of them and {absent} others to "
            f"write for {counts['keys']} keys; nothing was committed. This is a defect of the job."
        )
    return Merge(rows, _related(contract, table, rows), accepted, absent, counts.deleted)


def _vanished(table: HudiTable, latest: DataFrame, floor: str) -> DataFrame:
    """Stored rows that sort below the floor and that the batch has nothing newer for."""
    stored = table.keys_below(just_below(floor))
    gone = stored.join(latest.select(*table.key), on=list(table.key), how="left_anti")
    return gone.withColumns(
        {"silver_processed_at": F.current_timestamp(), "dq_issues": F.array().cast("array<string>")}
    )


def _related(contract: Contract, table: HudiTable, batch: DataFrame) -> DataFrame:
    """What is to be written: the batch, or the rows that the table's `relate` makes of it.

    `relate(batch, stored)` fills columns that depend on other rows of the table. It may return
    stored rows beside those of the batch, at most one per key, each the newest of its key.
    """
    relate = relator(contract.name)
    if relate is None:
        return batch
    return _as_contracted(relate(batch, table.rows(silver_columns(contract))), contract)


def _as_contracted(rows: DataFrame, contract: Contract) -> DataFrame:
    """Exactly the Silver columns of the contract, in its order and types.

    Derived columns that hold personal data are null in tombstones, as the source's own are.
    """
    personal = {c.name for c in contract.derived if c.is_personal}
    return rows.select(
        [
            (F.when(~F.col("is_deleted"), F.col(n)) if n in personal else F.col(n)).cast(t).alias(n)
            for n, t in silver_columns(contract).items()
        ]
    )


def _refuse_problems(typed: DataFrame, contract: Contract, files: Sequence[Row]) -> None:
    bad, rows = sum(f.bad for f in files), sum(f.rows for f in files)
    if bad:
        examples = typed.where(F.col(PROBLEM).isNotNull()).select("tenant_id", "id", FILE, PROBLEM)
        listed = "; ".join(
            f"{r[PROBLEM]} (tenant_id={r.tenant_id}, id={r.id}, {r[FILE]})"
            for r in examples.take(EXAMPLES)
        )
        raise UntypableRowsError(
            f"{contract.name}: {bad} of {rows} rows cannot be typed "
            f"by contracts/{contract.name}.odcs.yaml: {listed}.\n"
            "Nothing was committed and Bronze is untouched. Mend the contract or the file, then "
            "run the job again."
        )


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
