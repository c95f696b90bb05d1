"""A replication task: the full load once, then the changes, as an AWS DMS task does."""

import math
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
import psycopg2.extensions

from contracts import Contract
from lakehouse.dms import source
from lakehouse.dms.change_seq import ChangeSequence
from lakehouse.dms.changes import ChangeBuffer
from lakehouse.dms.errors import ReplicationError, TaskStateError
from lakehouse.dms.full_load import load_table, read_snapshot
from lakehouse.dms.reports import ChangeReport, LoadReport
from lakehouse.dms.slot import acknowledge, create_slot, drop_slot, slot_status, start
from lakehouse.dms.state import LOADING, PUBLISHING, STREAMING, TaskState, read_state, write_state
from lakehouse.dms.stream import ChangeStream, Destination, Position
from lakehouse.dms.writer import publish, remove_hidden, shown_path, table_folder

FLUSH_SECONDS = 5.0
ACKNOWLEDGE_SECONDS = 10.0


class ReplicationTask:
    """Source to Bronze for the tables with a contract.

    dsn is a libpq connection string, bronze the root of the Bronze layer, state_dir the folder of
    the task's state file. clock gives UTC. checkpoint is called with the name of each step that
    a crash may interrupt; tests kill the process there.
    """

    def __init__(
        self,
        *,
        dsn: str,
        bronze: Path,
        state_dir: Path,
        contracts: Mapping[str, Contract],
        slot: str = "lakehouse",
        publication: str = "lakehouse",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_progress: Callable[[str, int], None] | None = None,
        checkpoint: Callable[[str], None] = lambda step: None,
    ) -> None:
        self.dsn, self.bronze, self.contracts = dsn, bronze, contracts
        self.slot, self.publication, self.clock = slot, publication, clock
        self.state_file = state_dir / "task.json"
        self._on_progress = on_progress or (lambda table, rows: None)
        self._checkpoint = checkpoint

    def is_started(self) -> bool:
        """Whether the full load is behind the task (or only waits to be published)."""
        state = read_state(self.state_file)
        return state is not None and state.phase != LOADING

    def full_load(self) -> LoadReport:
        """Load every table as of the moment at which the slot is created.

        The files get their names only when all tables are loaded, so a load that breaks off leaves
        nothing in Bronze and is simply run again. Raises TaskStateError when the task, its files
        or its slot are there already.
        """
        self._refuse_second_load()
        started, started_at = time.monotonic(), self.clock()
        with source.connect(self.dsn) as connection:
            warnings = self._check_tables(connection)
            state = TaskState(LOADING, self.slot, *source.identify(connection))
            self._clear_broken_load(connection, state)
        write_state(self.state_file, state)
        try:
            lsn, hidden, rows = self._load(started_at)
            unpublished = tuple(str(path.relative_to(self.bronze)) for path in hidden)
            state = replace(state, phase=PUBLISHING, durable_lsn=lsn, unpublished=unpublished)
            write_state(self.state_file, state)
        except BaseException:
            self._give_up_load()
            raise
        self._checkpoint("load_written")
        self._publish(state)
        return LoadReport(rows, len(hidden), time.monotonic() - started, tuple(warnings))

    def catch_up(self, *, timeout_seconds: float = 600) -> ChangeReport:
        """Bring every change that was committed before this call to Bronze, and acknowledge it.

        Raises TaskStateError when slot, state and server do not belong together, and
        SourceUnreachableError when the server does not answer or timeout_seconds pass.
        """
        state = self._streaming_state()
        with source.connect(self.dsn) as connection:
            target = source.end_of_log(connection)
        remove_hidden(self.bronze, self.contracts.values())
        return self._follow(state, lambda received: received >= target, timeout=timeout_seconds)

    def run(self, stop: threading.Event, *, flush_seconds: float = FLUSH_SECONDS) -> ChangeReport:
        """Replicate until `stop` is set; changes become files every flush_seconds.

        Acknowledges every ACKNOWLEDGE_SECONDS. Raises like catch_up.
        """
        report = ChangeReport()
        while not stop.is_set():
            ends = time.monotonic() + ACKNOWLEDGE_SECONDS

            def is_over(_: int, ends: float = ends) -> bool:
                return stop.is_set() or time.monotonic() >= ends

            report += self._follow(self._streaming_state(), is_over, flush_seconds=flush_seconds)
        return report

    def drop(self) -> None:
        """Remove the slot and the state; Bronze stays. Idempotent."""
        with source.connect(self.dsn) as connection:
            drop_slot(connection, self.slot)
        self.state_file.unlink(missing_ok=True)

    def _follow(
        self,
        state: TaskState,
        until: Callable[[int], bool],
        *,
        flush_seconds: float = FLUSH_SECONDS,
        timeout: float = math.inf,
    ) -> ChangeReport:
        """One reading of the slot, and its acknowledgement."""
        started = time.monotonic()
        with source.connect(self.dsn) as connection:
            self._check_task(connection, state)
            warnings = self._check_tables(connection)
        sequence = ChangeSequence(state.time_part, state.counter)
        buffer = ChangeBuffer(self.contracts, sequence, self._check_table)
        with (
            source.connect_for_replication(self.dsn) as replication,
            replication.cursor() as cursor,
        ):
            start(cursor, state.slot, publication=self.publication, lsn=state.durable_lsn)
            stream = ChangeStream(
                cursor,
                buffer,
                start=Position(state.durable_lsn, state.time_part, state.counter),
                destination=self._destination(state),
            )
            stream.read(until, flush_seconds=flush_seconds, timeout_seconds=timeout)
        with source.connect(self.dsn) as connection:
            acknowledge(connection, state.slot, stream.durable.lsn)
        self._checkpoint("acknowledged")
        return ChangeReport(
            operations={table: dict(ops) for table, ops in buffer.operations.items()},
            files=len(stream.files),
            bytes=sum(file.stat().st_size for file in stream.files),
            transactions=stream.transactions,
            seconds=time.monotonic() - started,
            warnings=tuple(dict.fromkeys((*warnings, *buffer.warnings))),
        )

    def _destination(self, state: TaskState) -> Destination:
        def save(position: Position) -> None:
            fields = {"time_part": position.time_part, "counter": position.counter}
            write_state(self.state_file, replace(state, durable_lsn=position.lsn, **fields))

        return Destination(self.bronze, save, self.clock, self._checkpoint)

    def _load(self, started_at: datetime) -> tuple[int, list[Path], dict[str, int]]:
        """The slot's position, the hidden files, and rows by source table."""
        hidden: list[Path] = []
        rows: dict[str, int] = {}
        with source.connect_for_replication(self.dsn) as replication:
            lsn, snapshot = create_slot(replication, self.slot)
            self._checkpoint("slot_created")
            with source.connect(self.dsn) as connection:
                read_snapshot(connection, snapshot)
                for contract in self.contracts.values():
                    files, rows[contract.source_table] = load_table(
                        connection,
                        contract,
                        bronze=self.bronze,
                        started_at=started_at,
                        on_progress=self._on_progress,
                    )
                    hidden += files
        return lsn, hidden, rows

    def _clear_broken_load(
        self, connection: psycopg2.extensions.connection, new: TaskState
    ) -> None:
        """Remove what a load that was killed has left. Raises TaskStateError for others' slots."""
        if slot_status(connection, self.slot) is not None:
            if read_state(self.state_file) != new:
                raise TaskStateError(
                    f"replication slot {self.slot!r} exists, but {self.state_file.parent} has no "
                    "task that goes with it; nothing was replicated. Another lakehouse may be "
                    "using the slot. If none does, run in the source: "
                    f"select pg_drop_replication_slot('{self.slot}')"
                )
            drop_slot(connection, self.slot)
        remove_hidden(self.bronze, self.contracts.values())

    def _give_up_load(self) -> None:
        """Leave nothing behind; without a connection the next full load does this."""
        remove_hidden(self.bronze, self.contracts.values())
        with suppress(ReplicationError, psycopg2.Error):
            self.drop()

    def _publish(self, state: TaskState) -> TaskState:
        """Give the loaded files their names; run again after a crash it finishes the rest."""
        for hidden in (self.bronze / name for name in state.unpublished):
            if hidden.exists():
                publish(hidden, self.bronze)
            elif not shown_path(hidden).exists():
                raise TaskStateError(
                    f"{hidden} is gone, which the full load had written; Bronze is not complete. "
                    f"Remove Bronze and {self.state_file.parent}, run in the source `select "
                    f"pg_drop_replication_slot('{state.slot}')`, then run the full load again."
                )
            self._checkpoint("load_published")
        streaming = replace(state, phase=STREAMING, unpublished=())
        write_state(self.state_file, streaming)
        return streaming

    def _streaming_state(self) -> TaskState:
        state = read_state(self.state_file)
        if state is None or state.phase == LOADING:
            raise TaskStateError(
                f"there is no replication task in {self.state_file.parent}; nothing was "
                "replicated. Run the full load first: `lakehouse replicate`."
            )
        return self._publish(state) if state.phase == PUBLISHING else state

    def _refuse_second_load(self) -> None:
        if self.is_started():
            raise TaskStateError(
                f"{self.state_file} says that the full load is done; nothing was replicated. "
                "`lakehouse replicate` brings the changes since then."
            )
        for contract in self.contracts.values():
            folder = table_folder(self.bronze, contract)
            if any(folder.rglob("[!.]*.parquet")):
                raise TaskStateError(
                    f"{folder} holds files of a replication, but there is no task state that goes "
                    "with them; nothing was replicated. Restore the state, or remove Bronze and "
                    "Silver and replicate anew."
                )

    def _check_tables(self, connection: psycopg2.extensions.connection) -> list[str]:
        warnings = source.check_columns(connection, self.contracts.values())
        source.check_setup(connection, self.publication, self.contracts.values())
        return warnings

    def _check_table(self, contract: Contract) -> list[str]:
        with source.connect(self.dsn) as connection:
            return source.check_columns(connection, [contract])

    def _check_task(self, connection: psycopg2.extensions.connection, state: TaskState) -> None:
        if source.identify(connection) != (state.system_identifier, state.database):
            raise TaskStateError(
                f"the task's state is of database {state.database} on another server; nothing "
                "was replicated. Point SOURCE_DB_HOST at that server, or start with an empty "
                "state folder."
            )
        again = (
            f"Bronze was left alone. Remove Bronze, Silver and {self.state_file.parent}, then run "
            "the full load again."
        )
        slot = slot_status(connection, state.slot)
        if slot is None or not slot.is_usable:
            raise TaskStateError(
                f"replication slot {state.slot!r} is gone, and with it the changes since the last "
                f"run. {again}"
            )
        if slot.confirmed_lsn > state.durable_lsn:
            raise TaskStateError(
                f"{self.state_file} is older than what slot {state.slot!r} has acknowledged, so "
                f"the changes between the two would be missed. Restore the newest state. {again}"
            )
