"""Messages of a chunk in one buffer, and where the values of a column lie in it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

Numbers = np.ndarray
# A reader looks ahead of a message's end by at most the longest value of a fixed size.
PADDING = 32


class Log:
    """Messages one behind the other; starts holds where each begins."""

    def __init__(self, messages: Sequence[bytes]) -> None:
        lengths = np.fromiter(map(len, messages), np.int64, len(messages))
        self.starts = np.cumsum(lengths) - lengths
        self.bytes = b"".join((*messages, bytes(PADDING)))
        self.octets = np.frombuffer(self.bytes, np.uint8)
        self.counts, self.lengths = self.numbers(">u2"), self.numbers(">u4")
        # Each message's table.
        self.oids = self.lengths[self.starts + 1]

    def numbers(self, kind: str) -> Numbers:
        """The number of that kind that begins at each place, aligned or not."""
        dtype = np.dtype(kind)
        size = len(self.bytes) - dtype.itemsize + 1
        return np.ndarray((size,), dtype, self.bytes, strides=(1,))

    def runs(self, size: int) -> Numbers:
        """The so many bytes that begin at each place, as one item."""
        return self.numbers(f"V{size}")


class Values(NamedTuple):
    """Where the values of one column are; kinds says how each was sent, if at all."""

    kinds: Numbers
    starts: Numbers
    ends: Numbers


def runs_between(
    log: Log, starts: Numbers, ends: Numbers, present: Numbers, kind: pa.DataType
) -> pa.Array:
    """The bytes from starts to ends as an array of strings or of binary values.

    An Arrow array's texts follow each other, so every second entry of this one is what lies
    between two texts; the others are taken out of it. PostgreSQL sends valid UTF-8.
    """
    rows = len(starts)
    if not rows:
        return pa.array([], kind)
    offsets = np.empty(2 * rows, np.int32)
    offsets[0::2], offsets[1::2] = starts, ends
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(log.bytes)]
    with_gaps = pa.Array.from_buffers(kind, 2 * rows - 1, buffers)
    places = np.arange(0, 2 * rows, 2, dtype=np.int32)
    return with_gaps.take(pa.array(places, mask=~present))
