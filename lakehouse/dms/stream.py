"""Follows the replication slot: changes to durable files, then state, then acknowledgement."""

import select
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg2
import psycopg2.extras

from lakehouse.dms.changes import ChangeBuffer
from lakehouse.dms.decode import Begin, Change, Commit, Decoder, Truncate
from lakehouse.dms.errors import SourceUnreachableError

# Spill a batch to files at this many rows, so that a huge transaction needs bounded memory.
MAX_ROWS = 100_000
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Position:
    """Everything before lsn is durable; the sequence fields are the state there."""

    lsn: int
    time_part: int
    counter: int


class ChangeStream:
    """One reading of the slot, from a position on."""

    def __init__(
        self,
        cursor: psycopg2.extras.ReplicationCursor,
        buffer: ChangeBuffer,
        *,
        bronze: Path,
        start: Position,
        save: Callable[[Position], None],
        clock: Callable[[], datetime],
        checkpoint: Callable[[str], None],
    ) -> None:
        self.cursor, self.buffer, self.bronze = cursor, buffer, bronze
        self.durable = self._complete = start
        self.files = self.transactions = 0
        self._in_transaction = False
        self._decoder = Decoder()
        self._save, self._clock, self._checkpoint = save, clock, checkpoint

    def run_until(self, done: Callable[["ChangeStream"], bool], flush_seconds: float) -> None:
        """Read until `done` says so and everything read is durable and acknowledged.

        `done` is asked whenever the server has nothing more to send. Raises
        SourceUnreachableError when the connection breaks; nothing durable is lost then.
        """
        flushed = time.monotonic()
        try:
            while True:
                idle = self._read_available()
                due = time.monotonic() - flushed >= flush_seconds
                finished = idle and not self._in_transaction and done(self)
                if finished or due:
                    self.flush()
                    flushed = time.monotonic()
                if finished:
                    return
                if idle:
                    self.cursor.send_feedback(reply=True)
                    select.select([self.cursor], [], [], POLL_SECONDS)
        except psycopg2.Error as error:
            raise SourceUnreachableError(
                f"the replication connection broke: {str(error).strip()}\n"
                "What was acknowledged is in Bronze; the rest is sent again by the next run."
            ) from error

    def caught_up_with(self, lsn: int) -> bool:
        """Whether the server has sent everything that was committed before lsn."""
        return self.cursor.wal_end >= lsn

    def flush(self) -> None:
        """Files first, then the state, then the acknowledgement: a crash between loses nothing."""
        if not self.buffer.rows and not self._in_transaction:
            # Nothing is pending, so all that the server has sent is durable.
            sequence = self.buffer.sequence
            sent = max(self._complete.lsn, self.cursor.wal_end)
            self._complete = Position(sent, sequence.time_part, sequence.counter)
        self.files += self.buffer.flush(
            self.bronze, self._clock, lambda: self._checkpoint("before_rename")
        )
        self._checkpoint("renamed")
        if self._complete != self.durable:
            self._save(self._complete)
            self.durable = self._complete
        self._checkpoint("state_saved")
        self.cursor.send_feedback(flush_lsn=self.durable.lsn, force=True)
        self._checkpoint("acknowledged")

    def _read_available(self) -> bool:
        """Handle what has arrived; True when nothing more is there, False after a spill."""
        while message := self.cursor.read_message():
            self._handle(message.payload)
            if self.buffer.rows >= MAX_ROWS:
                self.flush()
                return False
        return True

    def _handle(self, payload: bytes) -> None:
        decoded = self._decoder.decode(payload)
        if isinstance(decoded, Change):
            self.buffer.add(decoded)
        elif isinstance(decoded, Begin):
            self._in_transaction = True
            self.buffer.begin(decoded.commit_microseconds)
        elif isinstance(decoded, Commit):
            self._in_transaction = False
            self.transactions += 1
            sequence = self.buffer.sequence
            self._complete = Position(decoded.end_lsn, sequence.time_part, sequence.counter)
        elif isinstance(decoded, Truncate):
            self.buffer.warnings += [
                f"{r.table} was truncated in the source; Bronze and Silver keep its rows "
                "(HandleSourceTableTruncated=false)"
                for r in decoded.relations
            ]
