"""Writes Bronze files the way DMS lays them out, from rows that name only what matters."""

import datetime as dt
from collections.abc import Iterable, Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from contracts import Contract
from lakehouse.dms.file_formats import CsvFileWriter
from lakehouse.dms.settings import DmsSettings

ARROW = {
    "string": pa.string(),
    "int32": pa.int32(),
    "date32": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "decimal(12,2)": pa.decimal128(12, 2),
}
SAMPLES: Mapping[str, Any] = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "text": "words",
    "jsonb": "{}",
    "inet": "192.0.2.1",
    "boolean": "true",
    "integer": 3,
    "date": dt.date(2026, 1, 2),
    "timestamp with time zone": dt.datetime(2026, 1, 2, 3, 4, 5, 678901),
    "numeric(12,2)": Decimal("11.25"),
}
COMMITTED_AT = "2026-01-02 03:04:05.000006"


def sequence(number: int) -> str:
    """The number-th change sequence after COMMITTED_AT; empty for 0, as DMS writes it on full load.

    35 digits: time to hundredths of a second, counter.
    """
    return f"2026010203040500{number:019d}" if number else ""


def bronze_row(contract: Contract, op: str, seq: int, **values: Any) -> dict[str, Any]:
    """One Bronze row: samples of the right types, with these values in their place."""
    samples = {c.name: SAMPLES.get(c.source_type, "word") for c in contract.columns}
    dms = {"Op": op, "dms_committed_at": COMMITTED_AT, "dms_change_seq": sequence(seq)}
    return {**samples, **dms, **values}


def arrow_schema(contract: Contract) -> pa.Schema:
    """Op, the time of DMS, the source columns, the change sequence."""
    source = [(c.name, ARROW[c.bronze_type]) for c in contract.columns]
    starts = [("Op", pa.string()), ("dms_committed_at", pa.string())]
    return pa.schema([*starts, *source, ("dms_change_seq", pa.string())])


def write_bronze(
    bronze: Path, contract: Contract, name: str, rows: Iterable[Mapping[str, Any]]
) -> Path:
    """Write the file `name` (relative to the table's folder) with these rows."""
    path = bronze / contract.bronze_folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows), schema=arrow_schema(contract)), path)
    return path


def write_bronze_csv(
    bronze: Path, contract: Contract, name: str, rows: Iterable[Mapping[str, Any]]
) -> Path:
    """The same as delimited text, written by the local DMS; compressed when the name says so."""
    settings = DmsSettings.read().with_target(
        DataFormat="csv", CompressionType="GZIP" if name.endswith(".gz") else "NONE"
    )
    path = bronze / contract.bronze_folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = arrow_schema(contract)
    with path.open("wb") as file, closing(CsvFileWriter(file, schema, settings.target)) as writer:
        writer.write(pa.RecordBatch.from_pylist(list(rows), schema=schema))
    return path


def cdc_name(number: int, day: str = "2026/01/02") -> str:
    """Name of the number-th CDC file of a day."""
    return f"{day}/{day.replace('/', '')}-{number:09d}.parquet"
