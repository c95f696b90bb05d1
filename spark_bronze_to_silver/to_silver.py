"""The one path from Bronze to Silver, for every table: read, type, clean, reduce, commit."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from contracts import Contract
from spark_bronze_to_silver.bronze_files import BronzeFile, Ledger, list_bronze_files
from spark_bronze_to_silver.conform import PROBLEM, conform
from spark_bronze_to_silver.errors import RowAccountingError, UntypableRowsError
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.latest import latest_per_key
from spark_bronze_to_silver.read_bronze import read_bronze
from spark_bronze_to_silver.schemas import bronze_schema, silver_columns
from spark_bronze_to_silver.tables import cleaner, relator

# Tables are small next to a commit's fixed cost, so several commit at the same time.
CONCURRENT_TABLES = 8
EXAMPLES = 3


@dataclass(frozen=True)
class TableResult:
    """What one run did for one table. rows_read = rows_accepted + rows_superseded."""

    table: str
    files: int
    rows_read: int
    rows_accepted: int
    rows_superseded: int
    rows_deleted: int
    seconds: float
    instant: str | None


@dataclass(frozen=True)
class _Counts:
    read: int
    accepted: int
    deleted: int


def run_tables(
    spark: SparkSession,
    contracts: Iterable[Contract],
    *,
    bronze: str,
    silver: str,
    on_result: Callable[[TableResult], None] = lambda result: None,
) -> list[TableResult]:
    """Bring several tables up to date at once; results in the order of the contracts.

    All tables are tried. Then the first error is raised, naming its table; the others' commits
    stand, since every table is consistent by itself.
    """
    contracts = list(contracts)
    results: dict[str, TableResult] = {}
    errors: dict[str, Exception] = {}
    with ThreadPoolExecutor(CONCURRENT_TABLES) as pool:
        running = {
            pool.submit(run_table, spark, c, bronze=bronze, silver=silver): c.name
            for c in contracts
        }
        for future in as_completed(running):
            name = running[future]
            if error := future.exception():
                errors[name] = error
            else:
                results[name] = future.result()
                on_result(results[name])
    for contract in contracts:
        if contract.name in errors:
            raise errors[contract.name]
    return [results[c.name] for c in contracts]


def run_table(spark: SparkSession, contract: Contract, *, bronze: str, silver: str) -> TableResult:
    """Merge the table's unread Bronze files into Silver, in one commit that also records them.

    bronze and silver are the roots of the two layers, on any file system that Spark reads.
    Raises a SilverJobError when a file or row does not fit; then nothing is committed.
    """
    started = time.monotonic()
    folder = f"{bronze.rstrip('/')}/{contract.source_schema}/{contract.source_table}"
    table = HudiTable(spark, contract.name, f"{silver.rstrip('/')}/{contract.name}", contract.key)
    files = list_bronze_files(spark, folder)
    unread = Ledger.from_json(table.ledger()).unread(files)
    if not unread:
        return TableResult(contract.name, 0, 0, 0, 0, 0, time.monotonic() - started, None)
    latest, counts = _prepare(spark, contract, folder, unread)
    try:
        rows = _related(contract, table, latest)
        instant = table.upsert(rows, ledger=Ledger.of(files).to_json())
    finally:
        latest.unpersist()
    return TableResult(
        table=contract.name,
        files=len(unread),
        rows_read=counts.read,
        rows_accepted=counts.accepted,
        rows_superseded=counts.read - counts.accepted,
        rows_deleted=counts.deleted,
        seconds=time.monotonic() - started,
        instant=instant,
    )


def _prepare(
    spark: SparkSession, contract: Contract, folder: str, files: list[BronzeFile]
) -> tuple[DataFrame, _Counts]:
    changes = read_bronze(spark, [f"{folder}/{f.name}" for f in files], bronze_schema(contract))
    typed = conform(changes, contract)
    rows_read = _refuse_problems(typed, contract, folder)
    latest = latest_per_key(typed.drop(PROBLEM), contract.key)
    cleaned = _as_contracted(cleaner(contract.name)(latest), contract).persist()
    counts = cleaned.agg(
        F.count("*").alias("accepted"),
        F.count_if("is_deleted").alias("deleted"),
        F.count_distinct(*contract.key).alias("keys"),
    ).first()
    if not counts.accepted == counts["keys"] <= rows_read:
        raise RowAccountingError(
            f"{contract.name}: {rows_read} rows read, {counts.accepted} to write for "
            f"{counts['keys']} keys; nothing was committed. This is a defect of the job."
        )
    return cleaned, _Counts(rows_read, counts.accepted, counts.deleted)


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


def _refuse_problems(typed: DataFrame, contract: Contract, folder: str) -> int:
    """Number of rows; raises UntypableRowsError when any has a problem, with examples."""
    counts = typed.agg(F.count("*").alias("rows"), F.count(PROBLEM).alias("bad")).first()
    if counts.bad:
        examples = typed.where(F.col(PROBLEM).isNotNull()).select("tenant_id", "id", PROBLEM)
        listed = "; ".join(
            f"{r[PROBLEM]} (tenant_id={r.tenant_id}, id={r.id})" for r in examples.take(EXAMPLES)
        )
        raise UntypableRowsError(
            f"{contract.name}: {counts.bad} of {counts.rows} rows below {folder} cannot be typed "
            f"by contracts/{contract.name}.odcs.yaml: {listed}.\n"
            "Nothing was committed and Bronze is untouched. Mend the contract or the file, then "
            "run the job again."
        )
    return counts.rows
