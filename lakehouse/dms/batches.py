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


def batches_of(chunk: Chunk, folder_of: Callable[[datetime], str]) -> Iterator[FolderBatch]:
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
            yield from _of_table(log, np.flatnonzero(log.oids == oid), route, headers)


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
    log: Log, places: np.ndarray, route: Route, headers: _Headers
) -> Iterator[FolderBatch]:
    for folder, chosen in headers.by_folder(places):
        rows = decode_rows(log, log.starts[chosen], route.relation, route.positions)
        _refuse_partial(rows, route)
        nothing = pa.nulls(len(chosen), pa.string())
        taken = pa.array(chosen)
        batch = bronze_batch(
            route.contract,
            rows.operations,
            [nothing if c is None else c for c in rows.columns],
            committed_at=headers.committed_at.take(taken),
            change_seq=headers.change_seq.take(taken),
        )
        yield FolderBatch(route.contract, folder, batch)


def _refuse_partial(rows: Rows, route: Route) -> None:
    if not rows.is_partial.any():
        return
    name = route.relation.name
    deleted = rows.operations[int(np.flatnonzero(rows.is_partial)[0])].as_py() == "D"
    what = (
        "sends only its key with a delete"
        if deleted
        else "leaves out a large value that an update kept"
    )
    raise IncompleteLogError(
        f"{name} {what}, because its replica identity is not full. Nothing of this batch was "
        f"written, and the change cannot be read any more. Run `alter table {name} replica "
        "identity full` in the source, then remove Bronze, Silver and the task's state and run "
        "the full load again."
    )
