"""The change sequence that DMS puts into $AR_H_CHANGE_SEQ.

35 digits: YYYYMMDDhhmmsscc (cc = hundredths of a second, UTC, of the commit) and a counter of 19
digits. It grows with every change of a task; the time part may repeat (AWS DMS user guide, "Using
transformation rule expressions to define column content"; Qlik Replicate, "Headers").
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# PostgreSQL counts microseconds from here.
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def commit_time(microseconds: int) -> datetime:
    """The UTC moment of a PostgreSQL timestamp (microseconds since 2000-01-01)."""
    return POSTGRES_EPOCH + timedelta(microseconds=microseconds)


@dataclass
class ChangeSequence:
    """The next sequence of a task; restoring both fields makes it give the same ones again."""

    time_part: int = 0
    counter: int = 0

    def begin(self, committed_at: datetime) -> None:
        """Start a transaction. Server clocks step back; the time part never does."""
        hundredths = committed_at.microsecond // 10_000
        self.time_part = max(self.time_part, int(f"{committed_at:%Y%m%d%H%M%S}{hundredths:02d}"))

    def next(self) -> str:
        """The sequence of the next change."""
        self.counter += 1
        return f"{self.time_part:016d}{self.counter:019d}"
