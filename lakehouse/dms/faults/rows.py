"""Faults of what rows hold. Each is a pure change of a batch."""

import pyarrow as pa
import pyarrow.compute as pc

from contracts import Contract
from lakehouse.dms.bronze_types import CHANGE_SEQ, COMMITTED_AT, OP
from lakehouse.dms.large_objects import is_large_object, limited


def tie_commit_times(batch: pa.RecordBatch) -> pa.RecordBatch:
    """All changes of the batch carry the newest of its commit times; sequences stay."""
    newest = pc.max(batch[COMMITTED_AT])
    return _with(batch, COMMITTED_AT, pa.repeat(newest, batch.num_rows))


def leave_key_of_deletes(contract: Contract, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Deletes have their key only, as without REPLICA IDENTITY FULL."""
    deleted = pc.equal(batch[OP], "D")
    kept = {OP, COMMITTED_AT, CHANGE_SEQ, *contract.key}
    for name in batch.schema.names:
        if name not in kept:
            batch = _with(batch, name, _null_where(batch[name], deleted))
    return batch


def lose_large_values(contract: Contract, batch: pa.RecordBatch, more_than: int) -> pa.RecordBatch:
    """Large values of updates are null, as unchanged TOAST values of a partial log are.

    more_than is in bytes; PostgreSQL begins to store values apart at about 2,000.
    """
    updated = pc.equal(batch[OP], "U")
    for column in contract.columns:
        if is_large_object(column.source_type):
            values = batch[column.name]
            large = pc.fill_null(pc.greater(pc.binary_length(values), more_than), False)
            batch = _with(batch, column.name, _null_where(values, pc.and_(updated, large)))
    return batch


def cut_large_values(contract: Contract, batch: pa.RecordBatch, kilobytes: int) -> pa.RecordBatch:
    """LOBs are cut at so many KB, as in limited LOB mode without FailTasksOnLobTruncation."""
    return limited(contract, batch, max_kilobytes=kilobytes, refuse=False)[0]


def _null_where(values: pa.Array, places: pa.Array) -> pa.Array:
    return pc.if_else(places, pa.scalar(None, values.type), values)


def _with(batch: pa.RecordBatch, name: str, values: pa.Array) -> pa.RecordBatch:
    place = batch.schema.get_field_index(name)
    return batch.set_column(place, batch.schema.field(place), values)
