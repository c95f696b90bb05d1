"""Limited LOB mode: values of large-object columns are cut at LobMaxSize, or refused."""

import pyarrow as pa
import pyarrow.compute as pc

from contracts import Contract
from lakehouse.dms.errors import UntypableValueError

# PostgreSQL types that DMS handles as LOB (AWS DMS user guide, "Source data types for PostgreSQL").
LOB_TYPES = frozenset({"text", "json", "jsonb", "bytea", "xml", "hstore", "tsvector"})


def is_large_object(source_type: str) -> bool:
    """Whether DMS treats a column of this PostgreSQL type as a LOB."""
    return source_type in LOB_TYPES or source_type.endswith("[]")


def limited(
    contract: Contract, batch: pa.RecordBatch, *, max_kilobytes: int, refuse: bool
) -> tuple[pa.RecordBatch, list[str]]:
    """The batch with no LOB above the limit, and a warning per column that was cut.

    The size is that of the UTF-8 text; a cut never splits a character. What DMS counts is not
    documented. Raises UntypableValueError when refuse (FailTasksOnLobTruncation) is set.
    """
    limit = max_kilobytes * 1024
    warnings = []
    for column in contract.columns:
        if not is_large_object(column.source_type):
            continue
        values = batch.column(column.name)
        if (pc.max(pc.binary_length(values)).as_py() or 0) <= limit:
            continue
        name = f"{contract.source_table}.{column.name}"
        if refuse:
            raise UntypableValueError(
                f"{name}: a value is larger than LobMaxSize = {max_kilobytes} KB and "
                "FailTasksOnLobTruncation is set. Nothing of this batch was written. Raise "
                "LobMaxSize in terraform/dms/task_settings.json, or make the value smaller."
            )
        cut = [_cut(value, limit) for value in values.to_pylist()]
        warnings.append(f"{name}: values were cut off at {max_kilobytes} KB (LobMaxSize)")
        place = batch.schema.get_field_index(column.name)
        batch = batch.set_column(place, batch.schema.field(place), pa.array(cut, values.type))
    return batch, warnings


def _cut(text: str | None, limit: int) -> str | None:
    if text is None or len(text) * 4 <= limit:
        return text
    return text.encode()[:limit].decode(errors="ignore")
