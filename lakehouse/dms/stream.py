"""Follows the replication slot: changes to durable files, then the state.

One thread receives, another turns what arrived into files and saves the state, in order. So the
server never waits for Parquet.

The reading itself acknowledges nothing. psycopg2 moves an acknowledged position on by itself, with
every keep-alive, as soon as one was given and the last message lies before it
(pq_read_replication_message in psycopg/pqpath.c). With transactions that overlap, that would
acknowledge one that is in no file yet. The task acknowledges after the reading has ended.
"""

import select
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import psycopg2
import psycopg2.extras

from lakehouse.dms.background import InOrder
from lakehouse.dms.batches import Allowed, batches_of
from lakehouse.dms.bronze import Bronze
from lakehouse.dms.cdc_files import LAST_WRITERS, WRITERS, CdcFiles
from lakehouse.dms.changes import ChangeBuffer
from lakehouse.dms.decode import CHANGES, Begin, Commit, Message, Relation, decode
from lakehouse.dms.delivery import Delivery
from lakehouse.dms.errors import SourceUnreachableError

# A batch becomes files at this size, so that a huge transaction needs bounded memory.
MAX_ROWS = 100_000
MAX_BYTES = 64 << 20
# So much is read at once in the background.
CHUNK_BYTES = 8 << 20
POLL_SECONDS = 0.2
GATHER_SECONDS = 400e-6


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
    allowed: Allowed = field(default_factory=Allowed)
    delivery: Delivery = field(default_factory=Delivery)


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
        self.durable = start
        self._complete_lsn = start.lsn
        self.files = CdcFiles(destination.delivery)
        self.transactions = 0
        self._cursor, self._buffer, self._destination = cursor, buffer, destination
        self._asked = 0.0
        self._has_begun = False
        # Since the last files, and since the last chunk.
        self._rows = self._bytes = self._chunk_bytes = 0

    def read(
        self, until: Callable[[int], bool], *, flush_seconds: float, timeout_seconds: float
    ) -> None:
        """Read until `until` says so, and make what was read durable.

        `until` is asked between transactions, with the position before which every commit has
        been received. Raises SourceUnreachableError when the connection breaks or
        timeout_seconds pass; what was not durable by then is sent again.
        """
        with InOrder("bronze-files") as self._background:
            try:
                self._read(until, flush_seconds, time.monotonic() + timeout_seconds)
            except psycopg2.Error as error:
                self._background.finish()
                if self._nothing_pending:
                    self._save_received()
                raise SourceUnreachableError(
                    f"the replication connection broke: {str(error).strip()}\n"
                    "Every change up to the task's state is in Bronze; the rest is sent again by "
                    "the next run. Check that the source runs (`lakehouse up` for the embedded "
                    "one)."
                ) from error
            self._background.finish()

    @property
    def _nothing_pending(self) -> bool:
        unread = self._rows or self._buffer.chunk.messages
        return not self._buffer.in_transaction and not unread and self._background.is_idle

    @property
    def _is_full(self) -> bool:
        return self._rows >= MAX_ROWS or self._bytes >= min(
            MAX_BYTES, self._destination.flush_bytes
        )

    def _read(self, until: Callable[[int], bool], flush_seconds: float, deadline: float) -> None:
        flush_at = time.monotonic() + flush_seconds
        while True:
            arrived = self._receive()
            between = not self._buffer.in_transaction
            if between and until(self._cursor.wal_end):
                self._flush(LAST_WRITERS)
                return
            now = time.monotonic()
            if self._is_full or (between and now >= flush_at):
                self._flush()
                flush_at = time.monotonic() + flush_seconds
            if now > deadline:
                raise SourceUnreachableError(
                    "the source did not send all its changes in time. Every change up to the "
                    "task's state is in Bronze. Run the command again."
                )
            if not arrived:
                self._wait()

    def _receive(self) -> bool:
        """Take messages up to a transaction's end or a full chunk; False when none is there."""
        read, messages = self._cursor.read_message, self._buffer.chunk.messages
        size = self._chunk_bytes
        while message := read():
            payload = message.payload
            if payload[0] in CHANGES:
                messages.append(payload)
                size += len(payload)
                if size >= CHUNK_BYTES:
                    break
            elif decoded := decode(payload):
                self._handle(decoded)
                messages = self._buffer.chunk.messages
                if not self._buffer.in_transaction:
                    break
        self._chunk_bytes = size
        if size >= CHUNK_BYTES:
            self._hand_over()
        return message is not None

    def _handle(self, message: Message) -> None:
        if isinstance(message, Begin):
            if not self._has_begun:
                self._save_quiet_time(message)
            self._buffer.begin(message.commit_microseconds)
        elif isinstance(message, Commit):
            self._buffer.commit()
            self.transactions += 1
            self._complete_lsn = message.end_lsn
        elif isinstance(message, Relation):
            if self._buffer.is_new(message):
                self._hand_over()
                self._buffer.announce(message)
        else:
            self._buffer.truncated(message.oids)

    def _save_quiet_time(self, first: Begin) -> None:
        """Save what psycopg2 may have taken as acknowledged: keep-alives before the first change.

        Transactions come in the order of their commits, so nothing is missing before this one's.
        """
        self._has_begun = True
        self._complete_lsn = max(self._complete_lsn, first.commit_lsn)
        sequence = self._buffer.complete
        self._save(Position(self._complete_lsn, sequence.time_part, sequence.counter))

    def _hand_over(self) -> None:
        """Let the background read what has arrived."""
        chunk = self._buffer.take()
        self._rows += len(chunk.messages)
        self._bytes += self._chunk_bytes
        self._chunk_bytes = 0
        to = self._destination
        self._background.do(
            lambda: self.files.add(batches_of(chunk, to.bronze.change_folder, to.allowed))
        )

    def _flush(self, writers: int = WRITERS) -> None:
        """Let the background write what has arrived, and save how far that is."""
        self._hand_over()
        position = self._position()
        self._rows = self._bytes = 0
        self._background.do(lambda: self._write(position, writers))

    def _write(self, position: Position, writers: int) -> None:
        """Files first, then the state: a crash between loses nothing and repeats exactly."""
        to = self._destination
        self.files.write(
            to.bronze, to.clock, lambda: to.checkpoint("before_rename"), writers=writers
        )
        to.checkpoint("renamed")
        self._save(position)
        to.checkpoint("state_saved")

    def _wait(self) -> None:
        """Nothing is there now: ask the server how far it is, and sleep until it says something.

        The state is saved before the server is answered: psycopg2 acknowledges what came before
        the first change of a reading.
        """
        if self._nothing_pending:
            self._save_received()
        now = time.monotonic()
        if now - self._asked >= POLL_SECONDS:
            self._asked = now
            self._cursor.send_feedback(reply=True)
        # Waking up for every message costs more than reading it, here and in the server. Its
        # buffer holds what it sends meanwhile.
        time.sleep(GATHER_SECONDS)
        select.select([self._cursor], [], [], POLL_SECONDS)

    def _save_received(self) -> None:
        """Nothing is pending, so everything that the server has sent is durable."""
        self._save(self._position())

    def _save(self, position: Position) -> None:
        if position.lsn != self.durable.lsn:
            self._destination.save(position)
            self.durable = position

    def _position(self) -> Position:
        """Behind the last complete transaction, and behind everything sent when none is open."""
        if not self._buffer.in_transaction:
            self._complete_lsn = max(self._complete_lsn, self._cursor.wal_end)
        sequence = self._buffer.complete
        return Position(self._complete_lsn, sequence.time_part, sequence.counter)
