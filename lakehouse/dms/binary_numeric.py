"""PostgreSQL's binary numeric as Arrow decimals.

A header of four 16-bit numbers (digits, weight, sign, display scale), then digits to the base of
10,000. The first one counts 10,000 to the power of the weight (numeric_send in PostgreSQL's
numeric.c).
"""

import struct

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lakehouse.dms.message_log import Log, Numbers

HEADER, BASE, BASE_DIGITS = 8, 10_000, 4
POSITIVE, NEGATIVE = 0x0000, 0x4000
_SPECIAL = {0xC000: "NaN", 0xD000: "Infinity", 0xF000: "-Infinity"}
# So many digits to the base of 10,000 fit into 64 bits.
_GROUPS = 4
_POWERS = BASE ** np.arange(_GROUPS, dtype=np.int64)


def decimals(log: Log, starts: Numbers, present: Numbers, precision: int, scale: int) -> pa.Array:
    """The numbers as decimal128(precision, scale); see binary_types for NaN and infinity."""
    unscaled, is_exact = _small(log, starts, scale)
    words = np.zeros((len(starts), 2), np.int64)
    words[:, 0], words[:, 1] = unscaled, unscaled >> 63
    large = np.flatnonzero(present & ~(is_exact & (np.abs(unscaled) < 10 ** min(precision, 18))))
    kind = pa.decimal128(precision, scale)
    if len(large):
        texts = [_text(log.bytes, int(at)) for at in starts[large]]
        try:
            found = pc.cast(pa.array(texts, pa.string()), kind)
        except pa.ArrowInvalid:
            column = np.full(len(starts), None, object)
            column[large] = texts
            return pa.array(column, pa.string())
        words[large] = np.frombuffer(found.buffers()[1], np.int64).reshape(-1, 2)[: len(large)]
    validity = np.packbits(present, bitorder="little")
    return pa.Array.from_buffers(kind, len(starts), [pa.py_buffer(validity), pa.py_buffer(words)])


def _small(log: Log, starts: Numbers, scale: int) -> tuple[Numbers, Numbers]:
    """Each number times 10 to the scale, and whether that is exact and was within 64 bits."""
    counts, weights = log.counts[starts].astype(np.int64), log.numbers(">i2")[starts + 2]
    signs = log.counts[starts + 4]
    behind_point = _groups_of(scale)
    # The power of the first digit when the last one that the scale allows has power 0.
    first = weights.astype(np.int64) + behind_point
    fits = (first < _GROUPS) & (counts <= first + 1) | (counts == 0)
    fits &= (signs == POSITIVE) | (signs == NEGATIVE)
    total = np.zeros(len(starts), np.int64)
    for number in range(int(counts[fits].max(initial=0))):
        has = fits & (number < counts)
        at = starts[has] + HEADER + 2 * number
        total[has] += log.counts[at] * _POWERS[first[has] - number]
    total, rest = np.divmod(total, 10 ** (behind_point * BASE_DIGITS - scale))
    return np.where(signs == NEGATIVE, -total, total), fits & (rest == 0)


def _groups_of(scale: int) -> int:
    """How many digits to the base of 10,000 hold so many decimal places."""
    return -(-scale // BASE_DIGITS)


def _text(message: bytes, at: int) -> str:
    """The number as PostgreSQL writes it (numeric.c, get_str_from_var)."""
    count, weight, sign, scale = struct.unpack_from("!HhHH", message, at)
    if sign in _SPECIAL:
        return _SPECIAL[sign]
    digits = struct.unpack_from(f"!{count}H", message, at + HEADER)
    groups = dict(zip(range(weight, weight - count, -1), digits, strict=True))
    whole = "".join(f"{groups.get(power, 0):04d}" for power in range(max(weight, 0), -1, -1))
    fraction = "".join(f"{groups.get(-1 - n, 0):04d}" for n in range(_groups_of(scale)))[:scale]
    text = whole.lstrip("0") or "0"
    return f"{'-' if sign == NEGATIVE else ''}{text}{'.' if scale else ''}{fraction}"
