"""Turns a chunk of changes into Bronze batches, one per table and date folder."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contracts import Contract
from lakehouse.dms.bronze_types import bronze_batch
from lakehouse.dms.change_seq import change_sequences, commit_times, time_parts
from lakehouse.dms.changes import Chunk, Route
from lakehouse.dms.errors import IncompleteLogError
from lakehouse.dms.rows import Log, Rows, decode_rows


class FolderBatch(NamedTuple):
    """Changes of one table and date folder, in the order of the stream."""

    contract: Contract
    folder: str
    batch: pa.RecordBatch


class Allowed:
    """What is done about changes that PostgreSQL tells in a way that DMS cannot carry."""

    def __init__(self, *, partial_rows: bool = False) -> None:
        self.warnings: list[str] = []
        self._partial_rows = partial_rows

    def partial(self, route: Route, rows: Rows) -> None:
        """Rows of which the log holds a part: refused, or written with nulls as DMS does."""
        if not self._partial_rows:
            raise _incomplete(route, rows)
        self.warnings.append(
            f"{route.relation.name}: its replica identity is not full; deletes have only the key, "
            "and large values that an update kept are null"
        )

    def moved(self, route: Route, rows: Rows) -> None:
        """Updates of a key: DMS ignores them (AWS DMS user guide, PostgreSQL source, 2023)."""
        self.warnings.append(
            f"{route.relation.name}: {int(rows.is_moved.sum())} updates of the key were ignored, "
            "as DMS does; Bronze and Silver keep the rows under their old keys. Delete such rows "
            "and insert them anew."
        )


def batches_of(
    chunk: Chunk, folder_of: Callable[[datetime], str], allowed: Allowed
) -> Iterator[FolderBatch]:
    """The chunk's changes by table and folder; changes of tables without a contract are left out.

    folder_of gives the folder of a commit time.

    Raises IncompleteLogError when the log holds only a part of a row, and UntypableValueError.
    """
    if not chunk.messages:
        return
    log = Log(chunk.messages)
    headers = _Headers(chunk, folder_of)
    for oid in np.unique(log.oids):
        route = chunk.routes[int(oid)]
        if route is not None:
            yield from _of_table(log, np.flatnonzero(log.oids == oid), route, headers, allowed)


class _Headers:
    """Commit time, date folder and change sequence of each change in a chunk."""

    def __init__(self, chunk: Chunk, folder_of: Callable[[datetime], str]) -> None:
        size = len(chunk.messages)
        committed = commit_times(np.array(chunk.commits, np.int64))
        transactions = np.repeat(np.arange(len(committed)), np.diff([*chunk.firsts, size]))
        places = pa.array(transactions)
        # Arrow's text of a moment has the form that DMS uses: yyyy-MM-dd HH:mm:ss.SSSSSS.
        self.committed_at = pc.cast(committed, pa.string()).take(places)
        self._folders = _folders(committed, folder_of).take(places)
        parts = pa.array(time_parts(committed, chunk.before.time_part)).take(places)
        counters = pa.array(chunk.before.counter + 1 + np.arange(size, dtype=np.int64))
        self.change_seq = change_sequences(parts, counters)

    def by_folder(self, places: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
        """The places by the date folder of their transactions."""
        folders = self._folders.take(pa.array(places))
        for folder in sorted(pc.unique(folders).to_pylist()):
            yield folder, places[pc.equal(folders, folder).to_numpy(zero_copy_only=False)]


def _folders(committed: pa.Array, folder_of: Callable[[datetime], str]) -> pa.Array:
    """Folders of commit times. No time zone changes its hour amid a quarter of an hour."""
    quarters = pc.floor_temporal(committed, 15, "minute").dictionary_encode()
    names = [folder_of(q.replace(tzinfo=UTC)) for q in quarters.dictionary.to_pylist()]
    return pa.array(names, pa.string()).take(quarters.indices)


def _of_table(
    log: Log, places: np.ndarray, route: Route, headers: _Headers, allowed: Allowed
) -> Iterator[FolderBatch]:
    for folder, chosen in headers.by_folder(places):
        starts = log.starts[chosen]
        rows = decode_rows(log, starts, route.relation, route.positions, route.key)
        if rows.is_partial.any():
            allowed.partial(route, rows)
        nothing = pa.nulls(len(chosen), pa.string())
        taken = pa.array(chosen)
        batch = bronze_batch(
            route.contract,
            rows.operations,
            [nothing if c is None else c for c in rows.columns],
            committed_at=headers.committed_at.take(taken),
            change_seq=headers.change_seq.take(taken),
        )
        if rows.is_moved.any():
            allowed.moved(route, rows)
            batch = batch.filter(pa.array(~rows.is_moved))
        yield FolderBatch(route.contract, folder, batch)


def _incomplete(route: Route, rows: Rows) -> IncompleteLogError:
    name = route.relation.name
    deleted = rows.operations[int(np.flatnonzero(rows.is_partial)[0])].as_py() == "D"
    what = (
        "sends only its key with a delete"
        if deleted
        else "leaves out a large value that an update kept"
    )
    return IncompleteLogError(
        f"{name} {what}, because its replica identity is not full. Nothing of this batch was "
        f"written, and the change cannot be read any more. Run `alter table {name} replica "
        "identity full` in the source, then remove Bronze, Silver and the task's state and run "
        "the full load again."
    )
