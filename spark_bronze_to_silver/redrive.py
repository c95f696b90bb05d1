"""Tries quarantined rows and files again, by the code that put them there, or gives them up.

For after a contract or the code was mended, or a file restored. A run that ends between the
commit and the closing of the entries is repeated harmlessly: the merge takes a row twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.accounts import Accounts
from spark_bronze_to_silver.batch import TypedBatch, typed_batch
from spark_bronze_to_silver.bronze_files import list_bronze_files
from spark_bronze_to_silver.errors import UnknownEntryError
from spark_bronze_to_silver.generations import NO_LOAD
from spark_bronze_to_silver.kept import Kept
from spark_bronze_to_silver.notes import FLOOR
from spark_bronze_to_silver.quarantine import DISCARDED, KEY, REDRIVEN, bronze_rows
from spark_bronze_to_silver.read_bronze import broken_files, read_bronze
from spark_bronze_to_silver.schemas import FILE, ROW_HASH
from spark_bronze_to_silver.to_silver import Places, commit, keep_in_quarantine, notes_of


@dataclass(frozen=True)
class Redriven:
    """What a redrive did with one table's open entries; rows are in Silver, or superseded there."""

    table: str
    rows: int = 0
    rows_left: int = 0
    files: int = 0
    files_left: int = 0


def redrive_table(at: Places) -> Redriven:
    """Merge what fits by now, and close its entries; the rest stays open."""
    files, files_left = _redrive_files(at)
    rows, rows_left = _redrive_rows(at)
    return Redriven(at.contract.name, rows, rows_left, files, files_left)


def discard(at: Places, hashes: Sequence[str] = ()) -> int:
    """Close open entries without a redrive; returns how many.

    hashes are beginnings of entries' hashes; without any, all are closed. Raises
    UnknownEntryError for one that no open entry has; then nothing is closed.
    """
    table, entries = at.contract.name, at.quarantine.open_entries()
    known = [row[0] for row in entries.select(ROW_HASH).collect()]
    for given in hashes:
        if not any(entry.startswith(given) for entry in known):
            raise UnknownEntryError(
                f"{table}: no open entry of the quarantine begins with {given!r}; nothing was "
                f"discarded. List them with: lakehouse quarantine list --table {table}"
            )
    chosen = [entry for entry in known if not hashes or entry.startswith(tuple(hashes))]
    at.quarantine.close(entries.where(F.col(ROW_HASH).isin(chosen)), DISCARDED)
    return len(chosen)


def _redrive_rows(at: Places) -> tuple[int, int]:
    with Kept() as kept:
        entries = kept.keep(at.quarantine.open_entries().where("rows > 0"))
        if entries.isEmpty():
            return 0, 0
        batch = typed_batch(at.spark, at.contract, [bronze_rows(entries, at.contract)], kept)
        if batch.bad < batch.count:
            mended = _keys_without_problem(batch)
            _commit(at, batch.good, kept)
            at.quarantine.close(entries.join(mended, on=list(KEY), how="left_semi"), REDRIVEN)
        return batch.count - batch.bad, batch.bad


def _keys_without_problem(batch: TypedBatch) -> DataFrame:
    file = F.expr(f"substring({FILE}, 2)").alias("file")
    return batch.good.rows.select(file, ROW_HASH).distinct()


def _redrive_files(at: Places) -> tuple[int, int]:
    with Kept() as kept:
        entries = kept.keep(at.quarantine.open_entries().where("rows = 0"))
        wanted = {row.file for row in entries.select("file").collect()}
        if not wanted:
            return 0, 0
        present = {f.name for f in list_bronze_files(at.spark, at.folder) if f.size}
        paths = {f"{at.folder}/{name}": name for name in wanted & present}
        broken = {f.path for f in broken_files(at.spark, list(paths), at.contract)}
        whole = {path: name for path, name in paths.items() if path not in broken}
        if whole:
            frames = read_bronze(at.spark, list(whole), at.contract)
            batch = typed_batch(at.spark, at.contract, frames, kept)
            keep_in_quarantine(at, batch, [])
            _commit(at, batch, kept, Accounts(files_quarantined=-len(whole)))
            at.quarantine.close(entries.where(F.col("file").isin(*whole.values())), REDRIVEN)
        return len(whole), len(wanted) - len(whole)


def _commit(at: Places, batch: TypedBatch, kept: Kept, counts: Accounts | None = None) -> None:
    """Rows of entries were counted by the batch that quarantined them, those of files never."""
    notes = notes_of(at)
    floor = notes.get(FLOOR, NO_LOAD)
    found = counts or Accounts()
    commit(at, batch, found, kept, notes=notes, floor=floor, counted=counts is not None)
