"""The one path from Bronze to Silver, for every table: read, type, clean, reduce, commit."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import SparkSession

from contracts import Contract
from spark_bronze_to_silver.batch import merge_of, typed_batch
from spark_bronze_to_silver.bronze_files import Ledger, list_bronze_files
from spark_bronze_to_silver.generations import NO_LOAD, floor_of_load
from spark_bronze_to_silver.hudi_table import HudiTable

# Tables are small next to a commit's fixed cost, so several commit at the same time.
CONCURRENT_TABLES = 8
# What a commit notes: the Bronze files read so far, and the start of the newest full load.
LEDGER = "ledger"
FLOOR = "floor"


@dataclass(frozen=True)
class TableResult:
    """What one run did for one table. rows_read = rows_accepted + rows_superseded.

    rows_absent are stored rows that a new full load does not hold. rows_deleted counts all
    tombstones that were written, those among them.
    """

    table: str
    files: int = 0
    rows_read: int = 0
    rows_accepted: int = 0
    rows_superseded: int = 0
    rows_absent: int = 0
    rows_deleted: int = 0
    seconds: float = 0.0
    instant: str | None = None


def run_tables(
    spark: SparkSession,
    contracts: Iterable[Contract],
    *,
    bronze: str,
    silver: str,
    load_started: Mapping[str, datetime] | None = None,
    on_result: Callable[[TableResult], None] = lambda result: None,
) -> list[TableResult]:
    """Bring several tables up to date at once; results in the order of the contracts.

    load_started gives, by table, what `run_table` takes. All tables are tried. Then the first
    error is raised, naming its table; the others' commits stand, since every table is consistent
    by itself.
    """
    contracts = list(contracts)
    starts = load_started or {}
    results: dict[str, TableResult] = {}
    errors: dict[str, Exception] = {}
    with ThreadPoolExecutor(CONCURRENT_TABLES) as pool:
        layers = {"bronze": bronze, "silver": silver}
        running = {
            pool.submit(run_table, spark, c, **layers, load_started=starts.get(c.name)): c.name
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


def run_table(
    spark: SparkSession,
    contract: Contract,
    *,
    bronze: str,
    silver: str,
    load_started: datetime | None = None,
) -> TableResult:
    """Merge the table's unread Bronze files into Silver, in one commit that also records them.

    bronze and silver are the roots of the two layers, on any file system that Spark reads.
    load_started is the start (UTC) of the newest full load, for a table that was empty then and
    so has no LOAD file that would tell. Raises a SilverJobError when a file or row does not fit;
    then nothing is committed.
    """
    started = time.monotonic()
    folder = f"{bronze.rstrip('/')}/{contract.source_schema}/{contract.source_table}"
    table = HudiTable(spark, contract.name, f"{silver.rstrip('/')}/{contract.name}", contract.key)
    notes = table.notes()
    known_floor = notes.get(FLOOR, NO_LOAD)
    asked_floor = max(known_floor, floor_of_load(load_started))
    files = list_bronze_files(spark, folder)
    unread = Ledger.from_json(notes.get(LEDGER)).unread(files)
    if not unread and (asked_floor == known_floor or not notes):
        return TableResult(contract.name, seconds=time.monotonic() - started)
    batch = typed_batch(spark, contract, [f"{folder}/{f.name}" for f in unread])
    floor = max(asked_floor, batch.floor)
    merge = merge_of(batch, contract, table, floor=floor, floor_grew=floor > known_floor)
    try:
        noted = {LEDGER: Ledger.of(files).to_json(), FLOOR: floor}
        instant = table.upsert(merge.rows, noted)
    finally:
        merge.changed.unpersist()
    return TableResult(
        table=contract.name,
        files=len(unread),
        rows_read=batch.count,
        rows_accepted=merge.accepted,
        rows_superseded=batch.count - merge.accepted,
        rows_absent=merge.absent,
        rows_deleted=merge.deleted,
        seconds=time.monotonic() - started,
        instant=instant,
    )
