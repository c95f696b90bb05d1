"""The replication slot: made, read, acknowledged, dropped."""

import time
from contextlib import suppress
from dataclasses import dataclass

import psycopg2
import psycopg2.extensions
import psycopg2.extras

from lakehouse.dms.errors import SourceUnreachableError, TaskStateError
from lakehouse.dms.source import format_lsn, parse_lsn

SLOT_WAIT_SECONDS, SLOT_PAUSE_SECONDS = 5.0, 0.01
# pgoutput has binary forms from this version on (PostgreSQL 14 release notes).
BINARY_VERSION = 140_000
# psycopg2 sends feedback by itself at this interval; the reading sends its own.
OWN_FEEDBACK_SECONDS = 3600

ACTIVE = "select 1 from pg_replication_slots where slot_name = %(slot)s and active"


def create_slot(
    replication: psycopg2.extras.LogicalReplicationConnection, slot: str
) -> tuple[int, str]:
    """Position of the new slot, and name of the snapshot that shows the database as of there.

    The snapshot lives until the connection's next command. Raises SourceUnreachableError.
    """
    cursor = replication.cursor()
    try:
        cursor.create_replication_slot(slot, output_plugin="pgoutput")
    except psycopg2.Error as error:
        raise SourceUnreachableError(
            f"the source refuses to create slot {slot!r}: {str(error).strip()}\n"
            "Nothing was replicated. The user needs the REPLICATION right."
        ) from error
    _, consistent_point, snapshot, _ = cursor.fetchone()
    return parse_lsn(consistent_point), snapshot


def start(
    cursor: psycopg2.extras.ReplicationCursor,
    slot: str,
    *,
    publication: str,
    lsn: int,
    binary: bool,
) -> bool:
    """Let the server stream every change that was committed at lsn or later.

    Returns whether values come in their types' binary forms, which is asked for if binary is set
    and the server knows them. Raises SourceUnreachableError when the server refuses.
    """
    if binary and cursor.connection.info.server_version >= BINARY_VERSION:
        with suppress(psycopg2.Error):
            _start(cursor, slot, publication, lsn, {"binary": "true"})
            return True
    try:
        _start(cursor, slot, publication, lsn, {})
    except psycopg2.Error as error:
        raise SourceUnreachableError(
            f"the source refuses to stream slot {slot!r}: {str(error).strip()}\n"
            "Nothing was replicated. Another replication of the same slot may be running."
        ) from error
    return False


def _start(
    cursor: psycopg2.extras.ReplicationCursor,
    slot: str,
    publication: str,
    lsn: int,
    more: dict[str, str],
) -> None:
    cursor.start_replication(
        slot_name=slot,
        decode=False,
        start_lsn=lsn,
        options={"proto_version": "1", "publication_names": f'"{publication}"', **more},
        status_interval=OWN_FEEDBACK_SECONDS,
    )


@dataclass(frozen=True)
class SlotStatus:
    """A replication slot: the position acknowledged on it, and what became of its log.

    wal_status is PostgreSQL's: reserved, extended, unreserved (about to be removed) or lost.
    """

    confirmed_lsn: int
    wal_status: str

    @property
    def is_usable(self) -> bool:
        """Whether every change since the acknowledged position is still there."""
        return self.wal_status != "lost"


def slot_status(connection: psycopg2.extensions.connection, slot: str) -> SlotStatus | None:
    """The slot; None when it does not exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select confirmed_flush_lsn, coalesce(wal_status, 'reserved') "
            "from pg_replication_slots where slot_name = %s",
            (slot,),
        )
        found = cursor.fetchone()
    return SlotStatus(parse_lsn(found[0] or "0/0"), found[1]) if found else None


def is_behind(slot: SlotStatus | None, durable_lsn: int) -> bool:
    """Whether the slot still has every change from durable_lsn on."""
    return slot is not None and slot.is_usable and slot.confirmed_lsn <= durable_lsn


def acknowledge_at_end(cursor: psycopg2.extras.ReplicationCursor, lsn: int) -> None:
    """Tell the server over a stream that is read no more that everything before lsn is durable.

    It need not arrive: `acknowledge` finds out, and without this it has to read the log again.
    """
    with suppress(psycopg2.Error):
        cursor.send_feedback(write_lsn=lsn, flush_lsn=lsn, force=True)


def acknowledge(connection: psycopg2.extensions.connection, slot: str, lsn: int) -> None:
    """Tell the server that everything before lsn is durable here, so that it may drop its log.

    It only waits for the end of the stream when the server knows already; the next reading needs
    the slot to be free.
    """
    _when_slot_is_free(
        connection,
        "select pg_replication_slot_advance(slot_name, %(lsn)s::pg_lsn) "
        "from pg_replication_slots where slot_name = %(slot)s and confirmed_flush_lsn < %(lsn)s",
        {"slot": slot, "lsn": format_lsn(lsn)},
    )


def drop_slot(connection: psycopg2.extensions.connection, slot: str) -> None:
    """Drop the slot when it exists."""
    _when_slot_is_free(
        connection,
        "select pg_drop_replication_slot(slot_name) from pg_replication_slots "
        "where slot_name = %(slot)s",
        {"slot": slot},
    )


def _when_slot_is_free(
    connection: psycopg2.extensions.connection, statement: str, parameters: dict[str, str]
) -> None:
    """The server needs a moment to see that a stream has ended; others may read the slot longer."""
    connection.rollback()
    connection.autocommit = True
    deadline = time.monotonic() + SLOT_WAIT_SECONDS
    while True:
        with connection.cursor() as cursor, suppress(psycopg2.errors.ObjectInUse):
            cursor.execute(ACTIVE, parameters)
            if cursor.fetchone() is None:
                cursor.execute(statement, parameters)
                return
        if time.monotonic() > deadline:
            raise TaskStateError(
                f"replication slot {parameters['slot']!r} is in use by another program; Bronze is "
                "complete up to the task's state. Stop the other one, then run the command again."
            )
        time.sleep(SLOT_PAUSE_SECONDS)
