"""Finds the readable states of a Silver table, and the files that hold them, without Java."""

from pathlib import Path

import fastavro
from hudi import HudiReadOptions

from lakehouse.homes.embedded.hudi_folder import is_table, read_table
from spark_bronze_to_silver.timeline import Savepoint, Timeline


def read_timeline(table: Path) -> Timeline:
    """The table's reachable states; none when there is no table yet."""
    if not is_table(table):
        return Timeline(table.name, (), ())
    commits = read_table(table, lambda hudi: hudi.get_timeline().get_completed_commits())
    completed = [instant.timestamp for instant in commits]
    kept_from = _earliest_kept(table / ".hoodie")
    savepoints = sorted((table / ".hoodie").glob("*.savepoint"))
    return Timeline(
        table.name,
        tuple(instant for instant in completed if instant >= kept_from),
        tuple(_savepoint(file) for file in savepoints if file.stem < kept_from),
    )


def files_at(table: Path, instant: str) -> list[str]:
    """Parquet files that held the table's rows after that commit."""
    past = HudiReadOptions().with_as_of_timestamp(instant)
    slices = read_table(table, lambda hudi: hudi.get_file_slices(past))
    return sorted(f"{table}/{s.base_file_relative_path()}" for s in slices)


def _savepoint(file: Path) -> Savepoint:
    """HoodieSavepointMetadata (hudi-common, avro/HoodieSavePointMetadata.avsc)."""
    with file.open("rb") as stream:
        (metadata,) = fastavro.reader(stream)
    return Savepoint.of(file.stem, metadata["savepointedBy"], metadata["comments"])


def _earliest_kept(timeline: Path) -> str:
    """The earliest commit that the last cleaning kept whole; empty when nothing was cleaned.

    HoodieCleanMetadata, earliestCommitToRetain (hudi-common, avro/HoodieCleanMetadata.avsc).
    """
    cleanings = sorted(timeline.glob("*.clean"))
    if not cleanings:
        return ""
    with cleanings[-1].open("rb") as file:
        (metadata,) = fastavro.reader(file)
    return metadata["earliestCommitToRetain"]
