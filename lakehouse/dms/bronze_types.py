"""Turns PostgreSQL's values into the Arrow columns that DMS writes as Parquet."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from contracts import Column, Contract
from lakehouse.dms.errors import UntypableValueError

OP = "Op"
COMMITTED_AT = "dms_committed_at"
CHANGE_SEQ = "dms_change_seq"
ARROW_TYPES = {
    "string": pa.string(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "date32": pa.date32(),
    # DMS drops the zone; the moments are UTC.
    "timestamp": pa.timestamp("us"),
}


def bronze_schema(contract: Contract) -> pa.Schema:
    """Op, the time that DMS adds, the source columns in order, the change sequence.

    Files have these columns under the names, and without those, that the settings say.
    """
    source = [(c.name, arrow_type(c)) for c in contract.columns]
    starts = [(OP, pa.string()), (COMMITTED_AT, pa.string())]
    return pa.schema([*starts, *source, (CHANGE_SEQ, pa.string())])


def arrow_type(column: Column) -> pa.DataType:
    """The Arrow type of the column's Bronze type."""
    if column.bronze_type.startswith("decimal("):
        precision, scale = column.bronze_type.removeprefix("decimal(").rstrip(")").split(",")
        return pa.decimal128(int(precision), int(scale))
    return ARROW_TYPES[column.bronze_type]


def bronze_batch(
    contract: Contract,
    operations: pa.Array,
    columns: Sequence[pa.Array],
    *,
    committed_at: pa.Array,
    change_seq: pa.Array,
) -> pa.RecordBatch:
    """One batch of Bronze rows; columns are in the contract's order.

    They are PostgreSQL's text, or what its binary form says (binary_types). Raises
    UntypableValueError naming the column with a value that does not fit.
    """
    typed = [_typed(contract, c, found) for c, found in zip(contract.columns, columns, strict=True)]
    arrays = [operations, committed_at, *typed, change_seq]
    return pa.RecordBatch.from_arrays(arrays, schema=bronze_schema(contract))


def _typed(contract: Contract, column: Column, found: pa.Array) -> pa.Array:
    try:
        if pa.types.is_string(found.type):
            return _CONVERSIONS.get(column.source_type, pc.cast)(found, arrow_type(column))
        if pa.types.is_boolean(found.type):
            return pc.if_else(found, "true", "false")
        return pc.cast(found, arrow_type(column))
    except pa.ArrowInvalid as error:
        raise UntypableValueError(
            f"{contract.source_table}.{column.name}: a value does not fit {column.bronze_type}: "
            f"{error}. Nothing of this batch was written; mend the row in the source or the type "
            f"in contracts/{contract.name}.odcs.yaml."
        ) from error


def _boolean(text: pa.Array, _: pa.DataType) -> pa.Array:
    """DMS writes PostgreSQL booleans as the words true and false."""
    if not pc.all(pc.is_in(text, value_set=_PG_BOOLEANS), min_count=0).as_py():
        raise pa.ArrowInvalid("PostgreSQL sends a boolean as t or f")
    return pc.if_else(pc.equal(text, "t"), "true", "false")


def _moment(text: pa.Array, target: pa.DataType) -> pa.Array:
    """A text with any offset, as the UTC time without zone that DMS writes.

    Without an offset it is refused: it would be a local time of nobody knows where.
    """
    return pc.cast(pc.cast(text, pa.timestamp("us", "UTC")), target)


_PG_BOOLEANS = pa.array(["t", "f", None])
_CONVERSIONS = {"boolean": _boolean, "timestamp with time zone": _moment}
