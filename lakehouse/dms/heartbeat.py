"""The heartbeat of a running task (HeartbeatEnable): it writes to the source, so its log goes on.

A slot's position moves when there is log to read. On a quiet database of a busy server, and for a
lag in seconds, a small commit of its own helps. AWS DMS writes one too; what its table is called
and holds is not documented (API reference, PostgreSQLSettings).
"""

import time
from collections.abc import Callable

import psycopg2
import psycopg2.extensions
from psycopg2 import sql

from lakehouse.dms.settings import PostgresSourceSettings

TABLE = "lakehouse_heartbeat"
CREATE = """
    create table if not exists {table} (
        slot text primary key,
        beaten_at timestamp with time zone not null,
        beats bigint not null
    )
"""
BEAT = """
    insert into {table} values (%s, clock_timestamp(), 1)
    on conflict (slot) do update set beaten_at = excluded.beaten_at, beats = {table}.beats + 1
"""


class Heartbeat:
    """Writes to HeartbeatSchema every HeartbeatFrequency minutes; clock gives seconds."""

    def __init__(
        self,
        settings: PostgresSourceSettings,
        slot: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._slot, self._clock = settings, slot, clock
        self._beaten: float | None = None

    def beat(self, connection: psycopg2.extensions.connection) -> list[str]:
        """Write when it is time to; returns a warning when the source refuses.

        The table is not in the publication, so its changes are not replicated.
        """
        seconds = self._settings.heartbeat_frequency * 60
        is_early = self._beaten is not None and self._clock() - self._beaten < seconds
        if not self._settings.heartbeat_enable or is_early:
            return []
        self._beaten = self._clock()
        table = sql.Identifier(self._settings.heartbeat_schema, TABLE)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql.SQL(CREATE).format(table=table))
                cursor.execute(sql.SQL(BEAT).format(table=table), (self._slot,))
        except (psycopg2.ProgrammingError, psycopg2.InternalError) as error:
            return [
                f"no heartbeat in schema {self._settings.heartbeat_schema}: {str(error).strip()}. "
                "On a quiet database the slot may hold back log of others; give the user the "
                "right to create a table there, or set HeartbeatSchema"
            ]
        return []
