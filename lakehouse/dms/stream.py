"""Follows the replication slot: changes to durable files, then the state.

The reading itself acknowledges nothing. psycopg2 moves an acknowledged position on by itself, with
every keep-alive, as soon as one was given and the last message lies before it
(pq_read_replication_message in psycopg/pqpath.c). With transactions that overlap, that would
acknowledge one that is in no file yet. The task acknowledges after the reading has ended.
"""

import select
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg2
import psycopg2.extras

from lakehouse.dms.bronze import Bronze
from lakehouse.dms.changes import ChangeBuffer
from lakehouse.dms.decode import Begin, Change, Commit, Decoder, Relation, Truncate
from lakehouse.dms.errors import SourceUnreachableError

# A batch becomes files at this size, so that a huge transaction needs bounded memory.
MAX_ROWS = 100_000
MAX_BYTES = 64 << 20
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Position:
    """Everything before lsn is durable; the sequence fields are the state there."""

    lsn: int
    time_part: int
    counter: int


@dataclass(frozen=True)
class Destination:
    """Where changes go. checkpoint is called with the name of each step of a flush.

    flush_bytes of messages become files even before their time (CdcMinFileSize).
    """

    bronze: Bronze
    save: Callable[[Position], None]
    clock: Callable[[], datetime]
    checkpoint: Callable[[str], None]
    flush_bytes: int = MAX_BYTES


class ChangeStream:
    """One reading of the slot, from a position on."""

    def __init__(
        self,
        cursor: psycopg2.extras.ReplicationCursor,
        buffer: ChangeBuffer,
        *,
        start: Position,
        destination: Destination,
    ) -> None:
        self.durable = self._complete = start
        self.files: list[Path] = []
        self.transactions = 0
        self._cursor, self._buffer, self._destination = cursor, buffer, destination
        self._in_transaction = False
        self._bytes = 0
        self._asked = 0.0
        self._decoder = Decoder()

    def read(
        self, until: Callable[[int], bool], *, flush_seconds: float, timeout_seconds: float
    ) -> None:
        """Read until `until` says so, and make what was read durable.

        `until` is asked between transactions, with the position before which every commit has
        been received. Raises SourceUnreachableError when the connection breaks or
        timeout_seconds pass; what was not durable by then is sent again.
        """
        try:
            self._read(until, flush_seconds, time.monotonic() + timeout_seconds)
        except psycopg2.Error as error:
            if self._nothing_pending:
                self._save_received()
            raise SourceUnreachableError(
                f"the replication connection broke: {str(error).strip()}\n"
                "Every change up to the task's state is in Bronze; the rest is sent again by the "
                "next run. Check that the source runs (`lakehouse up` for the embedded one)."
            ) from error

    def flush(self) -> None:
        """Files first, then the state: a crash between loses nothing and repeats exactly."""
        checkpoint = self._destination.checkpoint
        self.files += self._buffer.flush(
            self._destination.bronze, self._destination.clock, lambda: checkpoint("before_rename")
        )
        self._bytes = 0
        checkpoint("renamed")
        if self._nothing_pending:
            self._save_received()
        else:
            self._save(self._complete)
        checkpoint("state_saved")

    @property
    def _nothing_pending(self) -> bool:
        return not self._in_transaction and not self._buffer.rows

    @property
    def _is_full(self) -> bool:
        return self._buffer.rows >= MAX_ROWS or self._bytes >= min(
            MAX_BYTES, self._destination.flush_bytes
        )

    def _read(self, until: Callable[[int], bool], flush_seconds: float, deadline: float) -> None:
        flush_at = time.monotonic() + flush_seconds
        while True:
            arrived = self._receive()
            between = not self._in_transaction
            if between and until(self._cursor.wal_end):
                self.flush()
                return
            now = time.monotonic()
            if self._is_full or (between and now >= flush_at):
                self.flush()
                flush_at = time.monotonic() + flush_seconds
            if now > deadline:
                raise SourceUnreachableError(
                    "the source did not send all its changes in time. Every change up to the "
                    "task's state is in Bronze. Run the command again."
                )
            if not arrived:
                self._wait()

    def _receive(self) -> bool:
        """Handle messages up to a transaction's end or a full batch; False when none is there."""
        while message := self._cursor.read_message():
            payload = message.payload
            self._bytes += len(payload)
            decoded = self._decoder.decode(payload)
            if isinstance(decoded, Change):
                self._buffer.add(decoded)
                if self._is_full:
                    return True
            elif decoded is not None:
                self._handle(decoded)
                if not self._in_transaction:
                    return True
        return False

    def _handle(self, message: Begin | Commit | Relation | Truncate) -> None:
        if isinstance(message, Begin):
            self._in_transaction = True
            self._buffer.begin(message.commit_microseconds)
        elif isinstance(message, Commit):
            self._in_transaction = False
            self.transactions += 1
            self._complete = self._position(message.end_lsn)
        elif isinstance(message, Relation):
            self._buffer.announce(message)
        else:
            self._buffer.warnings += [
                f"{r.table} was truncated in the source; Bronze and Silver keep its rows "
                "(HandleSourceTableTruncated=false)"
                for r in message.relations
            ]

    def _wait(self) -> None:
        """Nothing is there now: ask the server how far it is, and sleep until it says something."""
        if self._nothing_pending:
            self._save_received()
        now = time.monotonic()
        if now - self._asked >= POLL_SECONDS:
            self._asked = now
            self._cursor.send_feedback(reply=True)
        select.select([self._cursor], [], [], POLL_SECONDS)

    def _save_received(self) -> None:
        """Nothing is pending, so everything that the server has sent is durable."""
        self._complete = self._position(max(self._complete.lsn, self._cursor.wal_end))
        self._save(self._complete)

    def _save(self, position: Position) -> None:
        if position.lsn != self.durable.lsn:
            self._destination.save(position)
            self.durable = position

    def _position(self, lsn: int) -> Position:
        sequence = self._buffer.sequence
        return Position(lsn, sequence.time_part, sequence.counter)
