"""Columns in the binary forms of PostgreSQL's types: all values of a column at once.

Source of each form: the type's send function in PostgreSQL (src/backend/utils/adt). A value that
has no place in its Arrow type (NaN, infinity, a year before 1) comes back as text, together with
null for all others, so that it is refused as the same text is.
"""

import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lakehouse.dms.binary_numeric import decimals
from lakehouse.dms.change_seq import POSTGRES_EPOCH_MICROSECONDS
from lakehouse.dms.decode import ColumnType
from lakehouse.dms.errors import ReplicationError
from lakehouse.dms.inet import inet_text
from lakehouse.dms.message_log import Log, Numbers, Values, runs_between

BINARY = ord("b")
# Object identifiers of types (PostgreSQL, catalog/pg_type.dat).
BOOL, INT8, INT2, INT4, TEXT, JSON = 16, 20, 21, 23, 25, 114
INET, BPCHAR, VARCHAR, DATE, TIMESTAMPTZ = 869, 1042, 1043, 1082, 1184
NUMERIC, UUID, JSONB = 1700, 2950, 3802
_INTEGERS, _TEXTS = {INT2, INT4, INT8}, {TEXT, VARCHAR, BPCHAR}
# Bytes of the types whose values all have the same size.
FIXED_SIZES = {BOOL: 1, INT2: 2, INT4: 4, DATE: 4, INT8: 8, TIMESTAMPTZ: 8, UUID: 16}
# By a contract's type without its length: the types whose binary forms give the same column.
_READABLE = {
    "boolean": {BOOL},
    "smallint": _INTEGERS,
    "integer": _INTEGERS,
    "bigint": _INTEGERS,
    "numeric": {NUMERIC},
    "date": {DATE},
    "timestamp with time zone": {TIMESTAMPTZ},
    "uuid": {UUID},
    "text": _TEXTS,
    "character varying": _TEXTS,
    "json": {JSON},
    "jsonb": {JSONB},
    "inet": {INET},
}
_WITH_LENGTH = re.compile(r"\(.*\)$")
_NUMERIC_HEADER, _DECIMAL_DIGITS = 4, 38
# PostgreSQL counts days and microseconds from 2000-01-01, Arrow from 1970-01-01.
_EPOCH_DAYS = 10_957
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31, as Arrow counts
_DAY_MICROSECONDS = 86_400_000_000
_HEX = np.array([f"{octet:02x}" for octet in range(256)], "S2").view(np.uint16)
_UUID_TEXT = 36
# Places of hexadecimal digits, with and without dashes before them.
_UUID_PARTS = ((0, 8, 0), (8, 12, 1), (12, 16, 2), (16, 20, 3), (20, 32, 4))


def is_readable(column_type: ColumnType, source_type: str) -> bool:
    """Whether a column of a contract's source type can be read from this type's binary form."""
    if column_type.oid not in _READABLE.get(_WITH_LENGTH.sub("", source_type), ()):
        return False
    return column_type.oid != NUMERIC or _precision_and_scale(column_type) is not None


def read_binary(log: Log, values: Values, column_type: ColumnType) -> pa.Array:
    """The values that were sent in the type's binary form; all others are null.

    The array's type is that of the values, not yet that of Bronze. Raises ReplicationError when
    the type has no reader, or the form another version.
    """
    present = values.kinds == BINARY
    if column_type.oid == NUMERIC and (parts := _precision_and_scale(column_type)):
        return decimals(log, values.starts, present, *parts)
    reader = _READERS.get(column_type.oid)
    if reader is None:
        raise ReplicationError(
            f"the server sent values of type {column_type.oid} in a binary form that cannot be "
            "read. Nothing of this batch was written, and it is sent again."
        )
    return reader(log, values, present)


def _precision_and_scale(column_type: ColumnType) -> tuple[int, int] | None:
    """Of a numeric with both (numeric.c, make_numeric_typmod); None when Arrow has no such type."""
    packed = column_type.modifier - _NUMERIC_HEADER
    precision, scale = packed >> 16, packed & 0x7FF
    fits = packed >= 0 and scale <= precision <= _DECIMAL_DIGITS
    return (precision, scale) if fits else None


def _integers(kind: str) -> Callable[[Log, Values, Numbers], pa.Array]:
    native = np.dtype(kind).newbyteorder("=")

    def read(log: Log, values: Values, present: Numbers) -> pa.Array:
        return pa.array(log.numbers(kind)[values.starts].astype(native), mask=~present)

    return read


def _booleans(log: Log, values: Values, present: Numbers) -> pa.Array:
    return pa.array(log.octets[values.starts] == 1, mask=~present)


def _texts(log: Log, values: Values, present: Numbers) -> pa.Array:
    return runs_between(log, values.starts, values.ends, present, pa.string())


def _jsonb(log: Log, values: Values, present: Numbers) -> pa.Array:
    """A version and the text (jsonb.c, jsonb_send)."""
    if (log.octets[values.starts[present]] != 1).any():
        raise ReplicationError(
            "the server sends jsonb in a version other than 1. Nothing of this batch was "
            "written, and it is sent again once this program knows that version."
        )
    starts = np.where(present, values.starts + 1, values.starts)
    return runs_between(log, starts, values.ends, present, pa.string())


def _uuids(log: Log, values: Values, present: Numbers) -> pa.Array:
    rows = len(present)
    octets = log.runs(16)[values.starts].view(np.uint8)
    digits = _HEX.take(octets).view(np.uint8).reshape(rows, 32)
    texts = np.full((rows, _UUID_TEXT), ord("-"), np.uint8)
    for first, last, dashes in _UUID_PARTS:
        texts[:, first + dashes : last + dashes] = digits[:, first:last]
    offsets = np.arange(0, (rows + 1) * _UUID_TEXT, _UUID_TEXT, dtype=np.int32)
    validity = np.packbits(present, bitorder="little")
    buffers = [pa.py_buffer(part) for part in (validity, offsets, texts)]
    return pa.Array.from_buffers(pa.string(), rows, buffers)


def _dates(log: Log, values: Values, present: Numbers) -> pa.Array:
    sent = log.numbers(">i4")[values.starts].astype(np.int64)
    days = sent + _EPOCH_DAYS
    odd = present & ((days < _FIRST_DAY) | (days > _LAST_DAY))
    if odd.any():
        return _odd_moments(sent, days, odd, np.iinfo(np.int32), "D")
    return pa.array(days.astype(np.int32), pa.date32(), mask=~present)


def _moments(log: Log, values: Values, present: Numbers) -> pa.Array:
    sent = log.numbers(">i8")[values.starts].astype(np.int64)
    first, last = _FIRST_DAY * _DAY_MICROSECONDS, (_LAST_DAY + 1) * _DAY_MICROSECONDS
    odd = present & (
        (sent < first - POSTGRES_EPOCH_MICROSECONDS) | (sent >= last - POSTGRES_EPOCH_MICROSECONDS)
    )
    # The largest ones would wrap around; they are odd, and their text says infinity.
    moments = sent + POSTGRES_EPOCH_MICROSECONDS
    if odd.any():
        return _odd_moments(sent, moments, odd, np.iinfo(np.int64), "us")
    return pa.array(moments, pa.timestamp("us"), mask=~present)


def _odd_moments(
    sent: Numbers, since_1970: Numbers, odd: Numbers, ends: np.iinfo, unit: str
) -> pa.Array:
    """Texts of those that no DATE or TIMESTAMP of the lakehouse holds; the others are null."""
    texts: list[str | None] = [None] * len(sent)
    endless = {ends.max: "infinity", ends.min: "-infinity"}
    for place in np.flatnonzero(odd):
        moment = np.datetime64(int(since_1970[place]), unit)
        texts[place] = endless.get(int(sent[place])) or _in_words(moment)
    return pa.array(texts, pa.string())


def _in_words(moment: np.datetime64) -> str:
    """As PostgreSQL writes it: the year before 1 is 1 BC, for numpy it is 0."""
    text = str(moment)
    year = int(text[: text.index("-", 1)])
    return text if year > 0 else f"{1 - year:04d}{text[text.index('-', 1) :]} BC"


def _addresses(log: Log, values: Values, present: Numbers) -> pa.Array:
    raw = runs_between(log, values.starts, values.ends, present, pa.binary())
    found = pc.dictionary_encode(raw)
    texts = [inet_text(address) for address in found.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(found.indices)


_READERS: dict[int, Callable[[Log, Values, Numbers], pa.Array]] = {
    BOOL: _booleans,
    INT2: _integers(">i2"),
    INT4: _integers(">i4"),
    INT8: _integers(">i8"),
    TEXT: _texts,
    VARCHAR: _texts,
    BPCHAR: _texts,
    JSON: _texts,
    JSONB: _jsonb,
    UUID: _uuids,
    DATE: _dates,
    TIMESTAMPTZ: _moments,
    INET: _addresses,
}
