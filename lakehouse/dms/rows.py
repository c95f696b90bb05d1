"""Reads many row messages of one table at once: columns out of bytes, without a loop over rows.

The messages lie one behind the other in one buffer. A cursor per message walks its row; all
cursors take the same step together, column by column. What they find are places in the buffer, and
Arrow takes the texts from there (PostgreSQL documentation, "Logical Replication Message Formats").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lakehouse.dms.decode import DELETE, INSERT, UPDATE, Relation
from lakehouse.dms.errors import ReplicationError

KEY_ONLY, OLD_ROW = b"KO"
TEXT, UNCHANGED = b"tu"
# The header of a row message is its kind and its table's oid; the mark of its first row follows.
MARK, FIRST_ROW = 5, 6
_OPERATIONS = pa.array(["I", "U", "D"])

Numbers = np.ndarray


class Log:
    """Messages one behind the other; starts holds where each begins."""

    def __init__(self, messages: Sequence[bytes]) -> None:
        lengths = np.fromiter(map(len, messages), np.int64, len(messages))
        self.starts = np.cumsum(lengths) - lengths
        # A cursor looks up to seven bytes ahead of the last message's end.
        self.bytes = b"".join((*messages, bytes(8)))
        self.octets = np.frombuffer(self.bytes, np.uint8)
        # A big-endian number at every place, aligned or not.
        size = len(self.bytes)
        self.counts = np.ndarray((size - 1,), ">u2", self.bytes, strides=(1,))
        self.lengths = np.ndarray((size - 3,), ">u4", self.bytes, strides=(1,))

    @property
    def oids(self) -> Numbers:
        """Each message's table."""
        return self.lengths[self.starts + 1]


class Texts(NamedTuple):
    """Where the texts of one column are; kinds says which are texts at all."""

    kinds: Numbers
    starts: Numbers
    ends: Numbers


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
        texts = found[place]
        unchanged = texts.kinds == UNCHANGED
        if unchanged.any():
            texts = _from_old_row(texts, unchanged, old.get(place), has_old)
            is_partial |= unchanged & (marks != OLD_ROW)
        columns.append(_array(log, texts))
    is_moved = np.zeros(len(starts), bool)
    if old:
        is_moved[has_old] = _differs(log, old, found, has_old, key)
    return Rows(_operations(kinds), tuple(columns), is_partial, is_moved)


def _walk(log: Log, at: Numbers, relation: Relation) -> tuple[dict[int, Texts], Numbers]:
    """The texts of each column of the rows that begin at `at`, and where those rows end."""
    if (log.counts[at] != len(relation.columns)).any():
        raise ReplicationError(
            f"{relation.name}: a row has another number of columns than the server announced. "
            "Nothing of this batch was written, and it is sent again. Run the command again; if "
            "this stays, the server speaks another protocol than version 1."
        )
    found: dict[int, Texts] = {}
    at = at + 2
    for place in range(len(relation.columns)):
        kinds = log.octets[at]
        is_text = kinds == TEXT
        starts = at + np.where(is_text, 5, 1)
        at = starts + np.where(is_text, log.lengths[at + 1], 0)
        found[place] = Texts(kinds, starts, at)
    return found, at


def _from_old_row(new: Texts, unchanged: Numbers, old: Texts | None, has_old: Numbers) -> Texts:
    """The new row's texts, with those of the old row in the unchanged places."""
    if old is None:
        return new
    mixed = Texts(*(part.copy() for part in new))
    for target, source in zip(mixed, old, strict=True):
        target[unchanged & has_old] = source[unchanged[has_old]]
    return mixed


def _differs(
    log: Log,
    old: dict[int, Texts],
    new: dict[int, Texts],
    has_old: Numbers,
    key: Sequence[int],
) -> Numbers:
    """Which rows have another key than before; a key is neither null nor stored apart."""
    differs = np.zeros(int(has_old.sum()), bool)
    for place in key:
        after = Texts(*(part[has_old] for part in new[place]))
        same = pc.equal(_array(log, old[place]), _array(log, after))
        differs |= ~pc.fill_null(same, True).to_numpy(zero_copy_only=False)
    return differs


def _array(log: Log, texts: Texts) -> pa.Array:
    """The texts as an Arrow array.

    An Arrow array's texts follow each other, so every second entry of this one is what lies
    between two texts; the others are taken out of it. PostgreSQL sends valid UTF-8.
    """
    rows = len(texts.starts)
    offsets = np.empty(2 * rows, np.int32)
    offsets[0::2], offsets[1::2] = texts.starts, texts.ends
    if not rows:
        return pa.array([], pa.string())
    with_gaps = pa.StringArray.from_buffers(
        2 * rows - 1, pa.py_buffer(offsets), pa.py_buffer(log.bytes)
    )
    places = np.arange(0, 2 * rows, 2, dtype=np.int32)
    return with_gaps.take(pa.array(places, mask=texts.kinds != TEXT))


def _operations(kinds: Numbers) -> pa.Array:
    places = np.select([kinds == INSERT, kinds == UPDATE], [0, 1], 2).astype(np.int8)
    return _OPERATIONS.take(pa.array(places))
