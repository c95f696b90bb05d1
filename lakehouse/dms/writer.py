"""Writes Parquet files that are complete and durable from the moment they have their name."""

import os
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from contracts import Contract
from lakehouse.dms.bronze_types import bronze_schema

ROW_GROUP_ROWS = 100_000
HIDDEN_PREFIX, HIDDEN_SUFFIX = ".", ".tmp"


def table_folder(bronze: Path, contract: Contract) -> Path:
    """Folder of the table: <bronze>/<schema>/<table>."""
    return bronze / contract.source_schema / contract.source_table


def load_file_name(number: int) -> str:
    """Name of the number-th full-load file; DMS counts in hexadecimal."""
    return f"LOAD{number:08X}.parquet"


def free_cdc_path(folder: Path, committed: date, now: datetime) -> Path:
    """A CDC file name that is not taken: folder of the commit date, UTC time of writing in ms."""
    day = folder / f"{committed:%Y/%m/%d}"
    while True:
        path = day / f"{now:%Y%m%d-%H%M%S}{now.microsecond // 1000:03d}.parquet"
        if not path.exists():
            return path
        now += timedelta(milliseconds=1)


def hidden_path(path: Path) -> Path:
    """The name that a file has until it is complete; readers skip names with a leading dot."""
    return path.with_name(f"{HIDDEN_PREFIX}{path.name}{HIDDEN_SUFFIX}")


def shown_path(hidden: Path) -> Path:
    """The name that the hidden file will get."""
    return hidden.with_name(hidden.name.removeprefix(HIDDEN_PREFIX).removesuffix(HIDDEN_SUFFIX))


def write_hidden(
    path: Path, contract: Contract, batches: Iterable[pa.RecordBatch]
) -> tuple[Path, int]:
    """Write the batches durably under path's hidden name; returns that name and the rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = hidden_path(path)
    rows = 0
    # GZIP is the one compression that DMS offers for S3; Parquet 1.0 is its default version.
    with (
        hidden.open("wb") as file,
        pq.ParquetWriter(
            file, bronze_schema(contract), version="1.0", compression="gzip", compression_level=1
        ) as writer,
    ):
        for batch in batches:
            writer.write_batch(batch, row_group_size=ROW_GROUP_ROWS)
            rows += batch.num_rows
    sync(hidden)
    return hidden, rows


def publish(hidden: Path, bronze: Path) -> Path:
    """Give a hidden file its name, durably; returns the name. The rename is atomic."""
    path = shown_path(hidden)
    hidden.rename(path)
    # Any folder on the way may be new, and a folder's own name is kept by its parent.
    for folder in path.parents:
        sync(folder)
        if folder == bronze:
            break
    return path


def remove_hidden(bronze: Path, contracts: Iterable[Contract]) -> None:
    """Remove files that a killed task left without giving them their name."""
    for contract in contracts:
        pattern = f"{HIDDEN_PREFIX}*.parquet{HIDDEN_SUFFIX}"
        for leftover in table_folder(bronze, contract).rglob(pattern):
            leftover.unlink()


def replace_text(path: Path, text: str) -> None:
    """Replace a small file durably: readers see the old text or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = hidden_path(path)
    hidden.write_text(text, encoding="utf-8")
    sync(hidden)
    hidden.rename(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Force a file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
