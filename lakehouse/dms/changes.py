"""Collects decoded changes by table and date folder, and writes them as CDC files."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from contracts import Contract
from lakehouse.dms.bronze import Bronze
from lakehouse.dms.bronze_types import bronze_batch
from lakehouse.dms.change_seq import ChangeSequence, commit_time
from lakehouse.dms.decode import Change, Relation, Values
from lakehouse.dms.full_load import DMS_TIMESTAMP
from lakehouse.dms.writer import publish

Rows = list[tuple[str | None, ...]]


@dataclass(frozen=True)
class Route:
    """Where a relation's rows go: positions[i] holds column i of the contract, None = not there.

    in_order says that the relation's columns are the contract's, which spares arranging them.
    """

    contract: Contract
    positions: tuple[int | None, ...]
    in_order: bool

    def arranged(self, values: Values) -> Values:
        """The values in the contract's order."""
        if self.in_order:
            return values
        return [None if p is None else values[p] for p in self.positions]


class ChangeBuffer:
    """Changes that are not in a file yet; `rows` counts them.

    A row is Op, the contract's columns as text, the commit time and the change sequence.
    check_source compares a contract with the live table: it raises SourceColumnsError when they
    do not agree, and returns warnings. folder_of gives the folder of a commit time.
    """

    def __init__(
        self,
        contracts: Mapping[str, Contract],
        sequence: ChangeSequence,
        check_source: Callable[[Contract], list[str]],
        folder_of: Callable[[datetime], str],
    ) -> None:
        self.sequence = sequence
        self.rows = 0
        self.operations: dict[str, Counter[str]] = defaultdict(Counter)
        self.warnings: list[str] = []
        self._contracts = {(c.source_schema, c.source_table): c for c in contracts.values()}
        self._check_source, self._folder_of = check_source, folder_of
        self._rows: dict[tuple[str, str], dict[str, Rows]] = defaultdict(lambda: defaultdict(list))
        self._routes: dict[Relation, Route | None] = {}
        self._folder = ""
        self._committed_text = ""

    def begin(self, commit_microseconds: int) -> None:
        """A transaction starts."""
        committed = commit_time(commit_microseconds)
        self._folder = self._folder_of(committed)
        self._committed_text = committed.strftime(DMS_TIMESTAMP)
        self.sequence.begin(committed)

    def announce(self, relation: Relation) -> None:
        """A table's definition as of the changes that follow.

        Changes may be older than the live table: a column that was added since is null in them,
        as in the files that DMS wrote before the column was there.
        """
        contract = self._contracts.get((relation.schema, relation.table))
        known = any(r.schema == relation.schema and r.table == relation.table for r in self._routes)
        self._routes[relation] = self._route(relation, contract, again=known)

    def add(self, change: Change) -> None:
        """Keep one change; changes of tables without a contract only take a sequence number."""
        sequence = self.sequence.next()
        operation, relation, values = change
        route = self._routes[relation]
        if route is None:
            return
        row = (operation, *route.arranged(values), self._committed_text, sequence)
        self._rows[relation.schema, relation.table][self._folder].append(row)
        self.rows += 1

    def flush(
        self, bronze: Bronze, clock: Callable[[], datetime], before_rename: Callable[[], None]
    ) -> list[Path]:
        """Write everything to files, durably; returns them."""
        files = []
        for name, by_folder in sorted(self._rows.items()):
            contract = self._contracts[name]
            for folder, rows in sorted(by_folder.items()):
                path = bronze.free_change_path(contract, folder, clock())
                hidden = bronze.write_changes(path, contract, _batch(contract, rows))
                before_rename()
                files.append(publish(hidden, bronze.root))
                self.operations[contract.source_table].update(row[0] for row in rows)
        self._rows.clear()
        self.rows = 0
        return files

    def _route(self, relation: Relation, contract: Contract | None, *, again: bool) -> Route | None:
        if contract is None:
            self.warnings.append(f"{relation.table} has no contract and is not replicated")
            return None
        names = [c.name for c in contract.columns]
        missing = [name for name in names if name not in relation.columns]
        if again or missing:
            self.warnings += self._check_source(contract)
        self.warnings += [
            f"{relation.table}.{name} is null in changes from before the column was added"
            for name in missing
        ]
        places = {name: place for place, name in enumerate(relation.columns)}
        positions = tuple(places.get(name) for name in names)
        return Route(contract, positions, in_order=names == list(relation.columns))


def _batch(contract: Contract, rows: Rows) -> pa.RecordBatch:
    operations, *columns, committed_at, change_seq = (
        pa.array(column, pa.string()) for column in zip(*rows, strict=True)
    )
    return bronze_batch(
        contract, operations, columns, committed_at=committed_at, change_seq=change_seq
    )
