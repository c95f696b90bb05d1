"""The one path from Bronze to Silver: read, type, quarantine, reduce, check, commit."""

import functools
import json
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import datetime

from pyspark.sql import DataFrame, SparkSession

from contracts import Contract, derived_tables
from spark_bronze_to_silver.accounts import Accounts
from spark_bronze_to_silver.batch import TypedBatch, merge_of, related, typed_batch
from spark_bronze_to_silver.bronze_files import BronzeFile, Ledger, list_bronze_files
from spark_bronze_to_silver.derived import (
    Follower,
    are_complete,
    followers_of,
    versions_in,
    write_followers,
)
from spark_bronze_to_silver.errors import UnfinishedRestoreError, UnreadableBronzeError
from spark_bronze_to_silver.generations import NO_LOAD, Loads, floor_of_load
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.kept import Kept
from spark_bronze_to_silver.latest import VERSIONS
from spark_bronze_to_silver.limits import refuse_bad_rows, refuse_broken_files
from spark_bronze_to_silver.notes import FLOOR, LEDGER, LOADS, QUALITY, RESTORING, TOTALS
from spark_bronze_to_silver.quality.gate import refuse_critical
from spark_bronze_to_silver.quarantine import Quarantine
from spark_bronze_to_silver.read_bronze import READ_ERRORS, BrokenFile, broken_files, read_bronze
from spark_bronze_to_silver.schemas import silver_columns, typed_columns
from spark_bronze_to_silver.settings import TIME_TRAVEL_DAYS
from spark_bronze_to_silver.versions import hudi_version, require_versions

# One table alone leaves a core idle between its steps. With all at once each would be done only
# when the last one is, and all that arrives meanwhile would wait for two of these times.
CONCURRENT_TABLES = 3
# Unread Bronze files up to this size together may hold few rows; more is not tried.
FEW_BYTES = 4 << 20


@dataclass(frozen=True)
class TableResult(Accounts):
    """What one run did for one table; instant is None when there was nothing to commit."""

    table: str = ""
    seconds: float = 0.0
    instant: str | None = None


@dataclass(frozen=True)
class Places:
    """Where one table's Bronze files, rows, quarantine and derived tables are."""

    spark: SparkSession
    contract: Contract
    folder: str
    table: HudiTable
    quarantine: Quarantine
    followers: list[Follower]

    @property
    def tables(self) -> list[HudiTable]:
        """The Silver table and those derived from it, which readers of a catalog are to find."""
        return [self.table, *(follower.stored for follower in self.followers)]


def places(
    spark: SparkSession,
    contract: Contract,
    *,
    bronze: str,
    silver: str,
    time_travel_days: int = TIME_TRAVEL_DAYS,
) -> Places:
    """The places of a table below the roots of the two layers."""
    services = {"time_travel_days": time_travel_days}
    root = silver.rstrip("/")
    return Places(
        spark,
        contract,
        f"{bronze.rstrip('/')}/{contract.bronze_folder}",
        HudiTable(
            spark,
            contract.name,
            f"{root}/{contract.name}",
            contract.key,
            age="created_at",
            **services,
        ),
        Quarantine(spark, contract, root),
        followers_of(spark, contract, root, **services),
    )


def run_tables(
    spark: SparkSession,
    contracts: Iterable[Contract],
    *,
    bronze: str,
    silver: str,
    load_started: Mapping[str, datetime] | None = None,
    quarantine_limit: float | None = None,
    time_travel_days: int = TIME_TRAVEL_DAYS,
    enforce_quality: bool = True,
    on_start: Callable[[str], None] = lambda table: None,
    on_result: Callable[[TableResult], None] = lambda result: None,
) -> list[TableResult]:
    """Bring several tables up to date at once; results in the order of the contracts.

    load_started gives, by table, what `run_table` takes. on_start is told a table's name before
    its Bronze is listed, in a thread of its own. All tables are tried. Then the first error is
    raised, naming its table; the others' commits stand, since every table is consistent by itself.
    """
    contracts = list(contracts)
    starts = load_started or {}
    results: dict[str, TableResult] = {}
    errors: dict[str, Exception] = {}
    common = {
        "bronze": bronze,
        "silver": silver,
        "quarantine_limit": quarantine_limit,
        "time_travel_days": time_travel_days,
        "enforce_quality": enforce_quality,
    }

    def run(contract: Contract) -> TableResult:
        on_start(contract.name)
        return run_table(spark, contract, **common, load_started=starts.get(contract.name))

    with ThreadPoolExecutor(CONCURRENT_TABLES) as pool:
        # Those with derived tables take longest.
        longest_first = sorted(contracts, key=lambda c: -len(derived_tables([c])))
        running = {pool.submit(run, c): c.name for c in longest_first}
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
    quarantine_limit: float | None = None,
    time_travel_days: int = TIME_TRAVEL_DAYS,
    enforce_quality: bool = True,
) -> TableResult:
    """Merge the table's unread Bronze files into Silver, in one commit that also records them.

    bronze and silver are the roots of the two layers, on any file system that Spark reads.
    load_started is the start (UTC) of the newest full load, for a table that was empty then and
    so has no LOAD file that would tell. quarantine_limit stands in for the contract's own. States
    of the table older than time_travel_days may be removed. Without enforce_quality critical
    failures of the quality gate are noted, as warnings are.
    Raises a SilverJobError when too much does not fit; then nothing is committed.
    """
    started = time.monotonic()
    require_versions(spark.version, hudi_version(spark))
    at = places(spark, contract, bronze=bronze, silver=silver, time_travel_days=time_travel_days)
    limit = contract.quarantine_limit if quarantine_limit is None else quarantine_limit
    notes = notes_of(at)
    floor = max(notes.get(FLOOR, NO_LOAD), floor_of_load(load_started))
    files = list_bronze_files(spark, at.folder)
    ledger = notes.get(LEDGER) if are_complete(at.followers) else None
    unread = Ledger.from_json(ledger).unread(files)
    if not unread and (not notes or floor == notes.get(FLOOR, NO_LOAD)):
        return TableResult(table=contract.name, seconds=time.monotonic() - started)
    with Kept(few=sum(f.size for f in unread) <= FEW_BYTES) as kept:
        batch, broken = _read(at, unread, kept)
        refuse_broken_files(broken, len(unread), contract, limit)
        refuse_bad_rows(batch, contract, limit)
        keep_in_quarantine(at, batch, broken)
        counts = Accounts(files=len(unread), files_quarantined=len(broken))
        notes = {**notes, LEDGER: Ledger.of(files).to_json()}
        counts, instant = commit(
            at, batch, counts, kept, notes=notes, floor=floor, enforce_quality=enforce_quality
        )
    return TableResult(
        **vars(counts), table=contract.name, seconds=time.monotonic() - started, instant=instant
    )


def notes_of(at: Places) -> dict[str, str]:
    """The notes of the last commit. Raises UnfinishedRestoreError when it was half a restore."""
    notes, name = at.table.notes(), at.contract.name
    if instant := notes.get(RESTORING):
        raise UnfinishedRestoreError(
            f"{name}: a restore to {instant} was begun and not completed, so the table "
            "and what is derived from it do not agree. Nothing was done. Complete it: "
            f"lakehouse restore {name} --to {instant} --apply"
        )
    return notes


def loads_in(notes: Mapping[str, str]) -> set[str]:
    """The full loads that the notes tell of; older versions of the job noted the newest alone."""
    return {notes.get(FLOOR, NO_LOAD), *json.loads(notes.get(LOADS, "[]"))}


def keep_in_quarantine(at: Places, batch: TypedBatch, broken: list[BrokenFile]) -> None:
    """Before the commit: a run that ends between the two finds the entries and adds none."""
    if batch.bad:
        at.quarantine.add(at.quarantine.of_rows(batch.rows))
    if broken:
        at.quarantine.add(at.quarantine.of_files(broken, at.folder))


def commit(
    at: Places,
    batch: TypedBatch,
    counts: Accounts,
    kept: Kept,
    *,
    notes: Mapping[str, str],
    floor: str,
    counted: bool = True,
    enforce_quality: bool = True,
) -> tuple[Accounts, str]:
    """Write the batch with its notes; returns the completed counts and the commit's instant.

    notes are those of the last commit, or what replaces them. The totals among them grow by the
    counts, unless an earlier batch has counted these rows. Raises QualityGateError before anything
    of the batch is written.
    """
    loads = Loads.of(loads_in(notes), {*batch.loads, floor})
    merge = merge_of(batch, at.contract, at.table, kept, loads)
    counts = replace(
        counts,
        rows_read=batch.count,
        rows_accepted=merge.accepted,
        rows_superseded=merge.superseded,
        rows_quarantined=batch.bad,
        rows_absent=merge.absent,
        rows_deleted=merge.deleted,
    )
    totals = Accounts.from_json(notes.get(TOTALS)) + (counts if counted else Accounts())
    if enforce_quality:
        refuse_critical(merge.quality, merge.changed, at.contract)
    found = merge.quality.to_json()
    begun = {FLOOR: loads.floor, LOADS: json.dumps(sorted(loads.all))}
    noted = {**notes, **begun, TOTALS: totals.to_json(), QUALITY: found}
    seen = batch.good.rows.select(*typed_columns(at.contract))
    return counts, _write(at, seen, merge.changed.drop(VERSIONS), noted, loads, kept)


def _write(
    at: Places,
    seen: DataFrame,
    changed: DataFrame,
    notes: Mapping[str, str],
    loads: Loads,
    kept: Kept,
) -> str:
    """Write the derived tables, then the table itself with the notes that close the batch."""
    # To open a table takes listings of its folders, and not every table needs its stored rows.
    stored = functools.cache(lambda: at.table.rows(silver_columns(at.contract)))
    versions = versions_in(at.followers, at.contract, seen, changed, loads, kept)
    write_followers(at.followers, at.contract, seen, changed, stored, versions, kept)
    return at.table.upsert(related(at.contract, changed, stored, versions, kept), notes)


def _read(at: Places, unread: list[BronzeFile], kept: Kept) -> tuple[TypedBatch, list[BrokenFile]]:
    """The rows of all files that can be read to their end, and the other files."""
    paths = {f"{at.folder}/{f.name}": f for f in unread}
    empty = [BrokenFile(p, "empty_file", "it is empty") for p, f in paths.items() if not f.size]
    paths = [p for p, f in paths.items() if f.size]
    try:
        return _typed(at, paths, kept), empty
    except (UnreadableBronzeError, *READ_ERRORS):
        broken = broken_files(at.spark, paths, at.contract)
        if not broken:
            raise
    left = sorted(set(paths) - {f.path for f in broken})
    return _typed(at, left, kept), [*empty, *broken]


def _typed(at: Places, paths: list[str], kept: Kept) -> TypedBatch:
    return typed_batch(at.spark, at.contract, read_bronze(at.spark, paths, at.contract), kept)
