"""Collects decoded changes by table and commit date, and writes them as CDC files."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from contracts import Contract
from lakehouse.dms.bronze_types import bronze_batch
from lakehouse.dms.change_seq import ChangeSequence, commit_time
from lakehouse.dms.decode import Change, Relation
from lakehouse.dms.errors import SourceColumnsError
from lakehouse.dms.full_load import DMS_TIMESTAMP
from lakehouse.dms.writer import free_cdc_path, publish, table_folder, write_hidden

Rows = list[tuple[str | None, ...]]


class ChangeBuffer:
    """Changes that are not in a file yet; `rows` counts them.

    A row is Op, the contract's columns as text, the commit time and the change sequence.
    """

    def __init__(self, contracts: Mapping[str, Contract], sequence: ChangeSequence) -> None:
        self.sequence = sequence
        self.rows = 0
        self.operations: dict[str, Counter[str]] = defaultdict(Counter)
        self.warnings: list[str] = []
        self._by_source = {(c.source_schema, c.source_table): c for c in contracts.values()}
        self._rows: dict[tuple[str, date], Rows] = defaultdict(list)
        self._positions: dict[Relation, tuple[Contract, list[int]] | None] = {}
        self._committed: datetime | None = None
        self._committed_text = ""

    def begin(self, commit_microseconds: int) -> None:
        """A transaction starts."""
        self._committed = commit_time(commit_microseconds)
        self._committed_text = self._committed.strftime(DMS_TIMESTAMP)
        self.sequence.begin(self._committed)

    def add(self, change: Change) -> None:
        """Keep one change; changes of tables without a contract only take a sequence number."""
        sequence = self.sequence.next()
        placed = self._place(change.relation)
        if placed is None:
            return
        contract, positions = placed
        values = change.values
        row = (change.op, *[values[p] for p in positions], self._committed_text, sequence)
        self._rows[contract.source_table, self._committed.date()].append(row)
        self.operations[contract.source_table][change.op] += 1
        self.rows += 1

    def flush(self, bronze: Path, clock: Callable[[], datetime], before_rename: Callable) -> int:
        """Write everything to files, durably; returns the number of files."""
        by_table = {c.source_table: c for c in self._by_source.values()}
        for (table, day), rows in sorted(self._rows.items()):
            contract = by_table[table]
            committed = datetime(day.year, day.month, day.day, tzinfo=clock().tzinfo)
            path = free_cdc_path(table_folder(bronze, contract), committed, clock())
            hidden, _ = write_hidden(path, contract, [_batch(contract, rows)])
            before_rename()
            publish(hidden, path)
        files = len(self._rows)
        self._rows.clear()
        self.rows = 0
        return files

    def _place(self, relation: Relation) -> tuple[Contract, list[int]] | None:
        if relation not in self._positions:
            self._positions[relation] = self._find(relation)
        return self._positions[relation]

    def _find(self, relation: Relation) -> tuple[Contract, list[int]] | None:
        contract = self._by_source.get((relation.schema, relation.table))
        if contract is None:
            self.warnings.append(f"{relation.table} has no contract and is not replicated")
            return None
        missing = [c.name for c in contract.columns if c.name not in relation.columns]
        if missing:
            raise SourceColumnsError(
                f"{relation.table}.{missing[0]} is no longer in the source, but "
                f"contracts/{contract.name}.odcs.yaml lists it. Nothing of this batch was "
                "written. Migrate the source or mend the contract."
            )
        return contract, [relation.columns.index(c.name) for c in contract.columns]


def _batch(contract: Contract, rows: Rows) -> pa.RecordBatch:
    operations, *columns, committed_at, change_seq = (
        pa.array(column, pa.string()) for column in zip(*rows, strict=True)
    )
    return bronze_batch(
        contract, operations, columns, committed_at=committed_at, change_seq=change_seq
    )
