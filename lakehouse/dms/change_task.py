"""The part of a task that follows the changes: read the slot, write files, acknowledge."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import psycopg2.extensions

from contracts import Contract
from lakehouse.dms import source
from lakehouse.dms.change_seq import ChangeSequence
from lakehouse.dms.changes import ChangeBuffer
from lakehouse.dms.definition import TaskDefinition
from lakehouse.dms.errors import TaskStateError
from lakehouse.dms.lock import PAUSE_SECONDS
from lakehouse.dms.reports import ChangeReport
from lakehouse.dms.slot import acknowledge, slot_status, start
from lakehouse.dms.state import STREAMING, TaskState, read_state, write_state
from lakehouse.dms.stream import ChangeStream, Destination, Position

ACKNOWLEDGE_SECONDS = 10.0


class ChangeTask:
    """Changes since the full load, from the slot to Bronze."""

    def __init__(self, definition: TaskDefinition) -> None:
        self._task = definition

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

        Acknowledges every ACKNOWLEDGE_SECONDS. Raises like catch_up.
        """
        report = ChangeReport()
        while not stop.is_set():
            ends = time.monotonic() + ACKNOWLEDGE_SECONDS

            def is_over(_: int, ends: float = ends) -> bool:
                return stop.is_set() or time.monotonic() >= ends

            with self._task.exclusive():
                report += self._follow(
                    self._streaming_state(), is_over, flush_seconds=flush_seconds
                )
            # Others may take the lock now, for a reload.
            stop.wait(PAUSE_SECONDS)
        return report

    def _follow(
        self,
        state: TaskState,
        until: Callable[[int], bool],
        *,
        flush_seconds: float | None = None,
        timeout: float = math.inf,
    ) -> ChangeReport:
        """One reading of the slot, and its acknowledgement."""
        task, started = self._task, time.monotonic()
        target = task.settings.target
        if flush_seconds is None:
            flush_seconds = target.cdc_max_batch_interval
        task.bronze.warnings.clear()
        with source.connect(task.dsn) as connection:
            self._check_slot(connection, state)
            warnings = task.check_tables(connection)
        sequence = ChangeSequence(state.time_part, state.counter)
        buffer = ChangeBuffer(task.contracts, sequence, self._check_table)
        with (
            source.connect_for_replication(task.dsn) as replication,
            replication.cursor() as cursor,
        ):
            start(cursor, state.slot, publication=task.publication, lsn=state.durable_lsn)
            stream = ChangeStream(
                cursor,
                buffer,
                start=Position(state.durable_lsn, state.time_part, state.counter),
                destination=self._destination(state),
            )
            stream.read(until, flush_seconds=flush_seconds, timeout_seconds=timeout)
        with source.connect(task.dsn) as connection:
            acknowledge(connection, state.slot, stream.durable.lsn)
        task.checkpoint("acknowledged")
        return ChangeReport(
            operations={table: dict(ops) for table, ops in stream.files.operations.items()},
            files=len(stream.files.written),
            bytes=sum(file.stat().st_size for file in stream.files.written),
            transactions=stream.transactions,
            seconds=time.monotonic() - started,
            warnings=tuple(dict.fromkeys((*warnings, *buffer.warnings, *task.bronze.warnings))),
        )

    def _destination(self, state: TaskState) -> Destination:
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
        )

    def _streaming_state(self) -> TaskState:
        state = read_state(self._task.state_file)
        if state is None or state.phase != STREAMING:
            raise TaskStateError(
                f"there is no replication task in {self._task.state_file.parent}; nothing was "
                "replicated. Run the full load first: `lakehouse replicate`."
            )
        return state

    def _check_table(self, contract: Contract) -> list[str]:
        with source.connect(self._task.dsn) as connection:
            return source.check_columns(connection, [contract])

    def _check_slot(self, connection: psycopg2.extensions.connection, state: TaskState) -> None:
        source.check_identity(connection, (state.system_identifier, state.database))
        state_file = self._task.state_file
        again = "Bronze was left alone. Load all tables anew: `lakehouse replicate --reload`."
        slot = slot_status(connection, state.slot)
        if slot is None or not slot.is_usable:
            raise TaskStateError(
                f"replication slot {state.slot!r} is gone, and with it the changes since the last "
                f"run. {again}"
            )
        if slot.confirmed_lsn > state.durable_lsn:
            raise TaskStateError(
                f"{state_file} is older than what slot {state.slot!r} has acknowledged, so "
                f"the changes between the two would be missed. Restore the newest state. {again}"
            )
