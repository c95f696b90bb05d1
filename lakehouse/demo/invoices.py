"""A change log of invoices for the demonstration of time travel, from the invoices that are there.

Its load is the invoices as they are, all unpaid; on each following day some of them are paid. The
files are those of the local DMS in everything but their making.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from contracts import Contract
from lakehouse.dms.bronze_types import bronze_schema
from lakehouse.homes.embedded.silver_relations import SCHEMA, create_silver_views
from lakehouse.state import State

DAYS = (8, 5, 2)  # how long ago each part of the change log is
OPEN, PAID = "sent", "paid"
COMMITTED_AT = "%Y-%m-%d %H:%M:%S.%f"


@dataclass(frozen=True)
class Invoices:
    """Where the change log goes, and the rows that it starts from."""

    contract: Contract
    bronze: Path
    rows: list[dict]

    @property
    def folder(self) -> Path:
        """The table's folder in Bronze."""
        return self.bronze / self.contract.bronze_folder

    def load(self, at: datetime) -> None:
        """The full load: every invoice is open."""
        rows = [_row(r, "I", at, "", status=OPEN, paid_date=None) for r in self.rows]
        self._write("LOAD00000001.parquet", rows)

    def pay(self, part: int, at: datetime) -> None:
        """One in as many invoices as there are days was paid."""
        chosen = self.rows[part :: len(DAYS)]
        paid = {"status": PAID, "paid_date": at.date()}
        rows = [_row(r, "U", at, _sequence(at, n), **paid) for n, r in enumerate(chosen)]
        self._write(f"{at:%Y/%m/%d/%Y%m%d-%H%M%S}000.parquet", rows)

    def spoil(self, at: datetime) -> Path:
        """A bad update: every invoice is paid, and costs a hundredth."""
        rows = [
            _row(
                r, "U", at, _sequence(at, n), status=PAID, paid_date=at.date(), amount=_hundredth(r)
            )
            for n, r in enumerate(self.rows)
        ]
        return self._write(f"{at:%Y/%m/%d/%Y%m%d-%H%M%S}000.parquet", rows)

    def open_after(self, parts: int) -> Decimal:
        """What is open once that many parts of the invoices were paid; from the rows alone."""
        return sum(
            (r["amount"] for n, r in enumerate(self.rows) if n % len(DAYS) >= parts), Decimal(0)
        )

    def _write(self, name: str, rows: list[dict]) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, schema=bronze_schema(self.contract)), path)
        return path


def invoices_of(state: State, contract: Contract, bronze: Path) -> Invoices:
    """The live invoices of Silver, as Bronze has their columns."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        create_silver_views(connection, state.silver, [contract])
        names = [c.name for c in contract.columns]
        shown = ", ".join(
            f'("{n}" at time zone \'UTC\') as "{n}"' if _is_moment(contract, n) else f'"{n}"'
            for n in names
        )
        answer = connection.sql(
            f"select {shown} from {SCHEMA}.{contract.name} where not is_deleted order by id"
        )
        return Invoices(contract, bronze, answer.to_arrow_table().to_pylist())


def _is_moment(contract: Contract, name: str) -> bool:
    return contract.column(name).silver_type == "timestamp"


def _row(row: dict, op: str, at: datetime, sequence: str, **changes: object) -> dict:
    committed_at = at.strftime(COMMITTED_AT)
    return {
        **row,
        "Op": op,
        "dms_committed_at": committed_at,
        "dms_change_seq": sequence,
        **changes,
    }


def _sequence(at: datetime, number: int) -> str:
    """35 digits: the time to hundredths of a second, and a counter."""
    return f"{at:%Y%m%d%H%M%S}{at.microsecond // 10_000:02d}{number:019d}"


def _hundredth(row: dict) -> Decimal:
    return (row["amount"] / 100).quantize(Decimal("0.01"))


def days_ago(now: datetime, days: int) -> datetime:
    """That moment so many days earlier."""
    return now - timedelta(days=days)
