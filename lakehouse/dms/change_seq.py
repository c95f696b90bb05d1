"""The change sequence that DMS puts into $AR_H_CHANGE_SEQ.

35 digits: YYYYMMDDhhmmsscc (cc = hundredths of a second, UTC, of the commit) and a counter of 19
digits. It grows with every change of a task; the time part may repeat (AWS DMS user guide, "Using
transformation rule expressions to define column content"; Qlik Replicate, "Headers").
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# PostgreSQL counts microseconds from 2000-01-01, Arrow from 1970-01-01.
POSTGRES_EPOCH_MICROSECONDS = 946_684_800_000_000
TIME_DIGITS, COUNTER_DIGITS = 16, 19


def time_part(moment: datetime) -> int:
    """The sequence's first 16 digits at that moment, which is in UTC."""
    return int(f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 10_000:02d}")


def moment_of(digits: int) -> datetime:
    """The moment at which the hundredth of a second of a time part begins, without zone."""
    seconds, hundredths = divmod(digits, 100)
    begun = datetime.strptime(f"{seconds:014d}", "%Y%m%d%H%M%S")  # noqa: DTZ007
    return begun + timedelta(milliseconds=10 * hundredths)


@dataclass(frozen=True)
class ChangeSequence:
    """Where the sequence of a task stands: the last time part, and how many changes there were.

    Going on from the same two fields gives the same sequences again.
    """

    time_part: int = 0
    counter: int = 0


def commit_times(postgres_microseconds: np.ndarray) -> pa.Array:
    """UTC moments, without zone, of PostgreSQL timestamps (microseconds since 2000-01-01)."""
    return pa.array(postgres_microseconds + POSTGRES_EPOCH_MICROSECONDS, pa.timestamp("us"))


def time_parts(committed: pa.Array, after: int) -> np.ndarray:
    """Time parts of transactions in the order of their commits, the last one before being `after`.

    Server clocks step back; the time part never does.
    """
    number = np.zeros(len(committed), np.int64)
    for part, base in (
        (pc.year(committed), 1),
        (pc.month(committed), 100),
        (pc.day(committed), 100),
        (pc.hour(committed), 100),
        (pc.minute(committed), 100),
        (pc.second(committed), 100),
        # Arrow's "millisecond" is that within the second.
        (pc.divide(pc.millisecond(committed), 10), 100),
    ):
        number = number * base + part.to_numpy(zero_copy_only=False)
    return np.maximum.accumulate(np.concatenate(([after], number)))[1:]


def change_sequences(of_transactions: pa.Array, counters: pa.Array) -> pa.Array:
    """The sequences of changes, from the time parts of their transactions and their counters."""
    digits = ((of_transactions, TIME_DIGITS), (counters, COUNTER_DIGITS))
    parts = [pc.utf8_lpad(pc.cast(n, pa.string()), width, padding="0") for n, width in digits]
    return pc.binary_join_element_wise(*parts, "")
