"""The part of a task that follows the changes: read the slot, write files, acknowledge."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import psycopg2.extensions

from contracts import Contract
from lakehouse.dms import source
from lakehouse.dms.batches import Allowed
from lakehouse.dms.change_seq import ChangeSequence
from lakehouse.dms.changes import ChangeBuffer
from lakehouse.dms.definition import TaskDefinition
from lakehouse.dms.errors import SourceUnreachableError, TaskStateError, TextNeededError
from lakehouse.dms.heartbeat import Heartbeat
from lakehouse.dms.lock import PAUSE_SECONDS
from lakehouse.dms.reports import ChangeReport
from lakehouse.dms.slot import acknowledge, acknowledge_at_end, slot_status, start
from lakehouse.dms.state import STREAMING, TaskState, read_state, write_state
from lakehouse.dms.stream import ChangeStream, Destination, Position

ACKNOWLEDGE_SECONDS = 10.0
# A running task looks for a source that went away this often, and for so long.
RECONNECT_PAUSE_SECONDS, RECONNECT_SECONDS = 1.0, 1800.0


class ChangeTask:
    """Changes since the full load, from the slot to Bronze."""

    def __init__(self, definition: TaskDefinition) -> None:
        self._task = definition
        self._heartbeat = Heartbeat(definition.settings.source, definition.slot)
        # Costs the server less than text; the first column that needs text ends it.
        self._asks_for_binary = True

    def catch_up(self, *, timeout_seconds: float = 600) -> ChangeReport:
        """Bring every change that was committed before this call to Bronze, and acknowledge it.

        Raises TaskStateError when slot, state and server do not belong together, and
        SourceUnreachableError when the server does not answer or timeout_seconds pass.
        """
        with self._task.exclusive():
            state = self._streaming_state()
            with source.connect(self._task.dsn) as connection:
                target = source.end_of_log(connection)
            self._task.bronze.remove_hidden(self._task.contracts.values())
            return self._follow(state, lambda received: received >= target, timeout=timeout_seconds)

    def run(self, stop: threading.Event, *, flush_seconds: float | None = None) -> ChangeReport:
        """Replicate until `stop` is set; changes become files every flush_seconds.

        None means the setting CdcMaxBatchInterval.

        Acknowledges every ACKNOWLEDGE_SECONDS. A source that goes away is waited for, for
        RECONNECT_SECONDS; the first connection has to succeed. Raises like catch_up.
        """
        report, gone_at = ChangeReport(), math.inf
        with self._task.exclusive(), source.connect(self._task.dsn) as connection:
            self._check_slot(connection, self._streaming_state())
            self._task.bronze.remove_hidden(self._task.contracts.values())
        while not stop.is_set():
            try:
                with self._task.exclusive():
                    report += self._reading(stop, flush_seconds)
                gone_at = math.inf
                # Others may take the lock now, for a reload.
                stop.wait(PAUSE_SECONDS)
            except SourceUnreachableError as error:
                gone_at = min(gone_at, time.monotonic())
                if time.monotonic() - gone_at > RECONNECT_SECONDS:
                    raise
                first_line = str(error).splitlines()[0]
                report += ChangeReport(warnings=(f"the connection was lost: {first_line}",))
                stop.wait(RECONNECT_PAUSE_SECONDS)
        return report

    def _reading(self, stop: threading.Event, flush_seconds: float | None) -> ChangeReport:
        """A heartbeat if it is time, and what comes until the next acknowledgement."""
        with source.connect(self._task.dsn) as connection:
            warnings = tuple(self._heartbeat.beat(connection))
        ends = time.monotonic() + ACKNOWLEDGE_SECONDS
        report = self._follow(
            self._streaming_state(),
            lambda _: stop.is_set() or time.monotonic() >= ends,
            flush_seconds=flush_seconds,
        )
        return report + ChangeReport(warnings=warnings)

    def _follow(
        self,
        state: TaskState,
        until: Callable[[int], bool],
        *,
        flush_seconds: float | None = None,
        timeout: float = math.inf,
    ) -> ChangeReport:
        """One reading of the slot; a second one for the rest when that has to be read as text."""
        how = {"flush_seconds": flush_seconds, "timeout": timeout}
        asked_for_binary = self._asks_for_binary
        report = self._read_slot(state, until, **how)
        if asked_for_binary and not self._asks_for_binary:
            report += self._read_slot(self._streaming_state(), until, **how)
        return report

    def _read_slot(
        self,
        state: TaskState,
        until: Callable[[int], bool],
        *,
        flush_seconds: float | None,
        timeout: float,
    ) -> ChangeReport:
        """One reading of the slot, and its acknowledgement."""
        task, started = self._task, time.monotonic()
        target = task.settings.target
        if flush_seconds is None:
            flush_seconds = target.cdc_max_batch_interval
        task.bronze.warnings.clear()
        with source.connect(task.dsn) as connection:
            warnings = [*self._check_slot(connection, state), *task.check_tables(connection)]
        allowed = Allowed(partial_rows=not task.needs_full_identity)
        with (
            source.connect_for_replication(task.dsn) as replication,
            replication.cursor() as cursor,
        ):
            is_binary = start(
                cursor,
                state.slot,
                publication=task.publication,
                lsn=state.durable_lsn,
                binary=self._asks_for_binary,
            )
            sequence = ChangeSequence(state.time_part, state.counter)
            buffer = ChangeBuffer(task.contracts, sequence, self._look_up, is_binary=is_binary)
            stream = ChangeStream(
                cursor,
                buffer,
                start=Position(state.durable_lsn, state.time_part, state.counter),
                destination=self._destination(state, allowed),
            )
            try:
                stream.read(until, flush_seconds=flush_seconds, timeout_seconds=timeout)
            except TextNeededError:
                self._asks_for_binary = False
            acknowledge_at_end(cursor, stream.durable.lsn)
        with source.connect(task.dsn) as connection:
            acknowledge(connection, state.slot, stream.durable.lsn)
        task.checkpoint("acknowledged")
        return ChangeReport(
            operations={table: dict(ops) for table, ops in stream.files.operations.items()},
            files=len(stream.files.written),
            bytes=sum(file.stat().st_size for file in stream.files.written),
            transactions=stream.transactions,
            seconds=time.monotonic() - started,
            warnings=tuple(
                dict.fromkeys(
                    (*warnings, *buffer.warnings, *allowed.warnings, *task.bronze.warnings)
                )
            ),
        )

    def _destination(self, state: TaskState, allowed: Allowed) -> Destination:
        task = self._task

        def save(position: Position) -> None:
            fields = {"time_part": position.time_part, "counter": position.counter}
            write_state(task.state_file, replace(state, durable_lsn=position.lsn, **fields))

        return Destination(
            task.bronze,
            save,
            task.clock,
            task.checkpoint,
            flush_bytes=task.settings.target.cdc_min_file_size * 1024,
            allowed=allowed,
            delivery=task.delivery,
        )

    def _streaming_state(self) -> TaskState:
        state = read_state(self._task.state_file)
        if state is None or state.phase != STREAMING:
            raise TaskStateError(
                f"there is no replication task in {self._task.state_file.parent}; nothing was "
                "replicated. Run the full load first: `lakehouse replicate`."
            )
        return state

    def _look_up(self, contract: Contract) -> source.LiveTable:
        with source.connect(self._task.dsn) as connection:
            return source.live_table(connection, contract)

    def _check_slot(
        self, connection: psycopg2.extensions.connection, state: TaskState
    ) -> list[str]:
        """Warnings; raises TaskStateError when slot, state and server do not belong together."""
        source.check_identity(connection, (state.system_identifier, state.database))
        state_file = self._task.state_file
        again = "Bronze was left alone. Load all tables anew: `lakehouse replicate --reload`."
        slot = slot_status(connection, state.slot)
        if slot is None:
            raise TaskStateError(
                f"replication slot {state.slot!r} is gone: somebody has dropped it, and with it "
                f"the changes since the last run. {again}"
            )
        if not slot.is_usable:
            raise TaskStateError(
                f"replication slot {state.slot!r} is lost: the server has removed log that it "
                "still needed, because it was behind by more than max_slot_wal_keep_size. The "
                f"changes since the last run are gone. {again} To keep it from happening again, "
                "replicate more often or raise that setting."
            )
        if slot.confirmed_lsn > state.durable_lsn:
            raise TaskStateError(
                f"{state_file} is older than what slot {state.slot!r} has acknowledged, so "
                f"the changes between the two would be missed. Restore the newest state. {again}"
            )
        if slot.wal_status == "unreserved":
            return [
                f"replication slot {state.slot!r} is behind by more than max_slot_wal_keep_size; "
                "the server may remove its log at the next checkpoint"
            ]
        return []
