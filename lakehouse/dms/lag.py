"""How far a task is behind its source, and how much log the server keeps for it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg2.extensions

from lakehouse.dms.change_seq import moment_of
from lakehouse.dms.state import TaskState, read_state

# The second column is null for a slot that has lost its log.
LAG = """
    select pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint,
        pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint,
        wal_status, safe_wal_size, active
    from pg_replication_slots where slot_name = %s
"""


@dataclass(frozen=True)
class Lag:
    """The distance between a source and Bronze.

    behind_bytes of log are not acknowledged; kept_bytes the server keeps for the slot, and
    safe_bytes more may be written before the slot is lost (None: no max_slot_wal_keep_size).
    seconds is the age of the newest change in Bronze, or 0 when nothing is behind: an upper bound,
    because what is behind may be log of other databases. wal_status is PostgreSQL's.
    """

    behind_bytes: int
    kept_bytes: int | None
    safe_bytes: int | None
    seconds: float | None
    wal_status: str
    is_active: bool


def measure(
    connection: psycopg2.extensions.connection, state_file: Path, now: datetime
) -> Lag | None:
    """The lag of the task with this state file; None when it has no state or no slot."""
    state = read_state(state_file)
    if state is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(LAG, (state.slot,))
        found = cursor.fetchone()
    if found is None:
        return None
    behind, kept, wal_status, safe, is_active = found
    seconds = 0.0 if behind == 0 else _age(state, now)
    return Lag(behind or 0, kept, safe, seconds, wal_status or "lost", is_active)


def _age(state: TaskState, now: datetime) -> float | None:
    """Seconds since the commit of the newest change in Bronze; None before the first one."""
    if not state.time_part:
        return None
    committed = moment_of(state.time_part).replace(tzinfo=UTC)
    return max(0.0, (now - committed).total_seconds())


def in_words(lag: Lag | None) -> str:
    """The lag as one line for people."""
    if lag is None:
        return "not started"
    if lag.wal_status == "lost":
        return "the slot has lost its log; `lakehouse replicate --reload` loads all tables anew"
    age = "" if not lag.seconds else f", the newest change in Bronze is {lag.seconds:,.0f} s old"
    kept = f"; the server keeps {(lag.kept_bytes or 0) / 1e6:,.1f} MB of log for it"
    safe = "" if lag.safe_bytes is None else f", {lag.safe_bytes / 1e6:,.1f} MB before it is lost"
    return f"{lag.behind_bytes / 1e6:,.1f} MB of log behind{age}{kept}{safe}"
