"""Reads many row messages of one table at once: columns out of bytes, without a loop over rows.

The messages lie one behind the other in one buffer. A cursor per message walks its row; all
cursors take the same step together, column by column. What they find are places in the buffer, and
the values of a column are taken from there together (PostgreSQL documentation, "Logical
Replication Message Formats").
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lakehouse.dms.binary_types import BINARY, FIXED_SIZES, read_binary
from lakehouse.dms.decode import DELETE, INSERT, UPDATE, ColumnType, Relation
from lakehouse.dms.errors import ReplicationError
from lakehouse.dms.message_log import Log, Numbers, Values, runs_between

KEY_ONLY, OLD_ROW = b"KO"
TEXT, UNCHANGED = b"tu"
# The header of a row message is its kind and its table's oid; the mark of its first row follows.
MARK, FIRST_ROW = 5, 6
_OPERATIONS = pa.array(["I", "U", "D"])


@dataclass(frozen=True)
class Rows:
    """The rows of one table's messages, in their order.

    operations holds I, U or D. A row is the one after the change, for D the one before it.
    is_partial marks rows that the log does not hold completely (see decode_rows), is_moved updates
    that changed the key.
    """

    operations: pa.Array
    columns: tuple[pa.Array | None, ...]
    is_partial: Numbers
    is_moved: Numbers


def decode_rows(
    log: Log,
    starts: Numbers,
    relation: Relation,
    wanted: Sequence[int | None],
    key: Sequence[int] = (),
) -> Rows:
    """The wanted columns (places in the relation; None gives None) of the messages at starts.

    A large (TOAST) value that an update left alone is not in the new row; it is taken from the
    old one. When the log has no old row, or only its key, such a value is null, as is every
    column outside the key of a deleted row; the row is then marked as partial.
    Raises ReplicationError when a message does not have the relation's columns.
    """
    kinds, marks = log.octets[starts], log.octets[starts + MARK]
    has_old = (kinds == UPDATE) & ((marks == OLD_ROW) | (marks == KEY_ONLY))
    is_partial = (kinds == DELETE) & (marks != OLD_ROW)
    rows, old = starts + FIRST_ROW, {}
    if has_old.any():
        # The new row begins where the old one ends.
        old, ends = _walk(log, rows[has_old], relation)
        rows[has_old] = ends + 1
    found, _ = _walk(log, rows, relation)
    columns = []
    for place in wanted:
        if place is None:
            columns.append(None)
            continue
        values = found[place]
        unchanged = values.kinds == UNCHANGED
        if unchanged.any():
            values = _from_old_row(values, unchanged, old.get(place), has_old)
            is_partial |= unchanged & (marks != OLD_ROW)
        columns.append(_array(log, values, relation.types[place]))
    is_moved = np.zeros(len(starts), bool)
    if old:
        is_moved[has_old] = _differs(log, old, found, has_old, key)
    return Rows(_operations(kinds), tuple(columns), is_partial, is_moved)


def _walk(log: Log, at: Numbers, relation: Relation) -> tuple[dict[int, Values], Numbers]:
    """The values of each column of the rows that begin at `at`, and where those rows end."""
    if (log.counts[at] != len(relation.columns)).any():
        raise ReplicationError(
            f"{relation.name}: a row has another number of columns than the server announced. "
            "Nothing of this batch was written, and it is sent again. Run the command again; if "
            "this stays, the server speaks another protocol than version 1."
        )
    found: dict[int, Values] = {}
    at = at + 2
    for place in range(len(relation.columns)):
        kinds = log.octets[at]
        size = FIXED_SIZES.get(relation.types[place].oid)
        if size and (kinds == BINARY).all():
            starts = at + 5
            at = starts + size
        else:
            is_sent = _is_sent(kinds)
            starts = at + np.where(is_sent, 5, 1)
            at = starts + np.where(is_sent, log.lengths[at + 1], 0)
        found[place] = Values(kinds, starts, at)
    return found, at


def _from_old_row(new: Values, unchanged: Numbers, old: Values | None, has_old: Numbers) -> Values:
    """The new row's values, with those of the old row in the unchanged places."""
    if old is None:
        return new
    mixed = Values(*(part.copy() for part in new))
    for target, source in zip(mixed, old, strict=True):
        target[unchanged & has_old] = source[unchanged[has_old]]
    return mixed


def _differs(
    log: Log,
    old: dict[int, Values],
    new: dict[int, Values],
    has_old: Numbers,
    key: Sequence[int],
) -> Numbers:
    """Which rows have another key than before; a key is neither null nor stored apart."""
    differs = np.zeros(int(has_old.sum()), bool)
    for place in key:
        after = Values(*(part[has_old] for part in new[place]))
        same = pc.equal(_bytes(log, old[place]), _bytes(log, after))
        differs |= ~pc.fill_null(same, True).to_numpy(zero_copy_only=False)
    return differs


def _bytes(log: Log, values: Values) -> pa.Array:
    """The values as they were sent; equal ones are sent as the same bytes."""
    return runs_between(log, values.starts, values.ends, _is_sent(values.kinds), pa.binary())


def _is_sent(kinds: Numbers) -> Numbers:
    """Which values are there, in either form."""
    return (kinds == TEXT) | (kinds == BINARY)


def _array(log: Log, values: Values, column_type: ColumnType) -> pa.Array:
    """The values as an Arrow array: texts, or what their binary form says.

    pgoutput sends a whole column in one of both.
    """
    if (values.kinds == BINARY).any():
        return read_binary(log, values, column_type)
    return runs_between(log, values.starts, values.ends, values.kinds == TEXT, pa.string())


def _operations(kinds: Numbers) -> pa.Array:
    places = np.select([kinds == INSERT, kinds == UPDATE], [0, 1], 2).astype(np.int8)
    return _OPERATIONS.take(pa.array(places))
