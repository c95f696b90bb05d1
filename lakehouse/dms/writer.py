"""Writes Parquet files that are complete and durable from the moment they have their name."""

import os
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from contracts import Contract
from lakehouse.dms.bronze_types import bronze_schema

ROW_GROUP_ROWS = 100_000


def table_folder(bronze: Path, contract: Contract) -> Path:
    """Folder of the table: <bronze>/<schema>/<table>."""
    return bronze / contract.source_schema / contract.source_table


def load_file_name(number: int) -> str:
    """Name of the number-th full-load file; DMS counts in hexadecimal."""
    return f"LOAD{number:08X}.parquet"


def free_cdc_path(folder: Path, committed: datetime, now: datetime) -> Path:
    """A CDC file name that is not taken: folder of the commit date, UTC time of writing in ms."""
    day = folder / f"{committed:%Y/%m/%d}"
    while True:
        path = day / f"{now:%Y%m%d-%H%M%S}{now.microsecond // 1000:03d}.parquet"
        if not path.exists():
            return path
        now += timedelta(milliseconds=1)


def write_hidden(
    path: Path, contract: Contract, batches: Iterable[pa.RecordBatch]
) -> tuple[Path, int]:
    """Write the batches durably under a hidden name beside path; returns that name and the rows.

    Readers skip names that start with a dot. `publish` gives the file its name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.tmp")
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


def publish(hidden: Path, path: Path) -> None:
    """Give a hidden file its name, durably; the rename is atomic."""
    hidden.rename(path)
    for folder in (path.parent, *path.parents[1:4]):
        sync(folder)


def replace_text(path: Path, text: str, checkpoint: Callable[[], None] = lambda: None) -> None:
    """Replace a small file durably: readers see the old text or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.tmp")
    hidden.write_text(text, encoding="utf-8")
    sync(hidden)
    checkpoint()
    hidden.rename(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Force a file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
