"""Bronze files of invoices, as DMS lays them out, made from row numbers.

Invoices because nothing is derived from them: a run then writes one table, as the peers do. The
number of a row gives its key, in no order of the keys, as uuids are.
"""

import hashlib
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from contracts import Contract, load_contracts
from lakehouse.dms.bronze_types import bronze_schema

TENANTS = 8
FILE_ROWS = 100_000
STARTED_AT = np.datetime64("2026-01-01T00:00:00", "us")
SECOND = 1_000_000


def contract() -> Contract:
    """The table that is measured."""
    return load_contracts()["invoice"]


def write_load(bronze: Path, rows: int) -> None:
    """The full load of the rows 0 to rows - 1, in files of at most FILE_ROWS."""
    for number, first in enumerate(range(0, rows, FILE_ROWS), start=1):
        keys = np.arange(first, min(first + FILE_ROWS, rows))
        _write(bronze, f"LOAD{number:08X}.parquet", keys, op="I", change=0)


def write_changes(bronze: Path, change: int, keys: np.ndarray) -> None:
    """One CDC file: the change-th one pays these invoices."""
    _write(bronze, f"2026/01/02/20260102-{change:09d}.parquet", keys, op="U", change=change)


def recent(rows: int, count: int) -> np.ndarray:
    """The keys of the last rows of the load."""
    return np.arange(rows - count, rows)


def scattered(rows: int, count: int) -> np.ndarray:
    """Keys from all over the load, always the same ones."""
    return np.random.default_rng(7).choice(rows, count, replace=False)


def _write(bronze: Path, name: str, keys: np.ndarray, *, op: str, change: int) -> None:
    path = bronze / contract().bronze_folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(_table(keys, op=op, change=change), path)


def _table(keys: np.ndarray, *, op: str, change: int) -> pa.Table:
    """The row of each key after the change-th change; 0 is its full load."""
    created = STARTED_AT + keys.astype("timedelta64[s]").astype("timedelta64[us]")
    day = created.astype("datetime64[D]")
    orders = np.arange(len(keys)) + len(keys) * change
    values = {
        "Op": [op] * len(keys),
        "dms_committed_at": ["2026-01-02 00:00:00.000000"] * len(keys),
        "id": [_uuid("invoice", key) for key in keys],
        "tenant_id": [_uuid("tenant", key % TENANTS) for key in keys],
        "customer_id": [_uuid("customer", key % 20_000) for key in keys],
        "subscription_id": [_uuid("subscription", key % 8_000) for key in keys],
        "invoice_number": [f"INV-{key:09d}" for key in keys],
        "amount": [Decimal(int(key) % 99_999 + change).scaleb(-2) for key in keys],
        "status": ["paid" if change else "sent"] * len(keys),
        "issue_date": day,
        "due_date": day + np.timedelta64(30, "D"),
        "paid_date": day if change else [None] * len(keys),
        "created_at": created,
        "updated_at": created + np.timedelta64(change * SECOND, "us"),
        "dms_change_seq": [f"2026010200000000{n:019d}" if change else "" for n in orders],
    }
    schema = bronze_schema(contract())
    return pa.table([pa.array(values[f.name], f.type) for f in schema], schema=schema)


def _uuid(kind: str, number: int) -> str:
    digest = hashlib.md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:]}"
