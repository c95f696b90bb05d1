"""A replication task: the full load once, then the changes, as an AWS DMS task does."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
import psycopg2.extras

from contracts import Contract
from lakehouse.dms import source
from lakehouse.dms.change_seq import ChangeSequence
from lakehouse.dms.changes import ChangeBuffer
from lakehouse.dms.errors import SourceUnreachableError, TaskStateError
from lakehouse.dms.full_load import discard, load_table, read_snapshot
from lakehouse.dms.state import PUBLISHING, STREAMING, TaskState, read_state, write_state
from lakehouse.dms.stream import ChangeStream, Position
from lakehouse.dms.writer import publish, table_folder

FLUSH_SECONDS = 5.0


@dataclass(frozen=True)
class LoadReport:
    """What a full load wrote, by source table."""

    rows_by_table: Mapping[str, int]
    files: int
    seconds: float
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class ChangeReport:
    """What a reading of the changes wrote: changes by source table and operation (I, U, D)."""

    operations: Mapping[str, Mapping[str, int]]
    files: int
    transactions: int
    seconds: float
    warnings: tuple[str, ...]

    @property
    def rows_by_table(self) -> dict[str, int]:
        """Changes by source table."""
        return {table: sum(by_op.values()) for table, by_op in self.operations.items()}


class ReplicationTask:
    """Source to Bronze for the tables with a contract.

    dsn is a libpq connection string, bronze the root of the Bronze layer, state_dir the folder of
    the task's state file. checkpoint is called with the name of each step of a flush; tests kill
    the process there.
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
        return read_state(self.state_file) is not None

    def full_load(self) -> LoadReport:
        """Load every table as of the moment at which the slot is created.

        The files get their names only when all tables are loaded, so a load that breaks off leaves
        nothing in Bronze and is simply run again. Raises TaskStateError when the task or its
        files are there already.
        """
        self._refuse_second_load()
        started, started_at = time.monotonic(), self.clock()
        with source.connect(self.dsn) as connection:
            source.check_setup(connection, self.publication)
            warnings = source.check_columns(connection, self.contracts.values())
            identity = source.identify(connection)
            connection.rollback()
            source.drop_slot(connection, self.slot)  # of a load that broke off
        with source.connect_for_replication(self.dsn) as replication:
            lsn, snapshot = _create_slot(replication, self.slot)
            with source.connect(self.dsn) as connection:
                read_snapshot(connection, snapshot)
                hidden, rows = self._load_tables(connection, started_at)
        state = TaskState(
            phase=PUBLISHING,
            slot=self.slot,
            system_identifier=identity.system_identifier,
            database=identity.database,
            durable_lsn=lsn,
            unpublished=tuple(map(str, hidden)),
        )
        write_state(self.state_file, state)
        self._checkpoint("load_written")
        self._publish(state)
        return LoadReport(rows, len(hidden), time.monotonic() - started, tuple(warnings))

    def catch_up(self, *, timeout_seconds: float = 600) -> ChangeReport:
        """Bring every change that was committed before this call to Bronze, durably.

        Raises TaskStateError when slot, state and server do not belong together, and
        SourceUnreachableError when the server does not answer or timeout_seconds pass.
        """
        with source.connect(self.dsn) as connection, connection.cursor() as cursor:
            cursor.execute("select pg_current_wal_insert_lsn()")
            target = source.parse_lsn(cursor.fetchone()[0])
        deadline = time.monotonic() + timeout_seconds

        def done(stream: ChangeStream) -> bool:
            if time.monotonic() > deadline:
                raise SourceUnreachableError(
                    f"the source did not send all its changes within {timeout_seconds:.0f} s; "
                    "what it sent is in Bronze. Run the command again."
                )
            return stream.caught_up_with(target)

        return self.follow(done)

    def follow(
        self, done: Callable[[ChangeStream], bool], *, flush_seconds: float = FLUSH_SECONDS
    ) -> ChangeReport:
        """Read changes until `done`; a batch becomes files every flush_seconds."""
        started = time.monotonic()
        state = self._streaming_state()
        sequence = ChangeSequence(state.time_part, state.counter)
        buffer = ChangeBuffer(self.contracts, sequence)
        warnings = self._check_source(state)

        def save(position: Position) -> None:
            fields = {"time_part": position.time_part, "counter": position.counter}
            write_state(self.state_file, replace(state, durable_lsn=position.lsn, **fields))

        with source.connect_for_replication(self.dsn) as connection, connection.cursor() as cursor:
            self._start(cursor, state)
            stream = ChangeStream(
                cursor,
                buffer,
                bronze=self.bronze,
                start=Position(state.durable_lsn, state.time_part, state.counter),
                save=save,
                clock=self.clock,
                checkpoint=self._checkpoint,
            )
            stream.run_until(done, flush_seconds)
        return ChangeReport(
            operations={t: dict(ops) for t, ops in buffer.operations.items()},
            files=stream.files,
            transactions=stream.transactions,
            seconds=time.monotonic() - started,
            warnings=(*warnings, *dict.fromkeys(buffer.warnings)),
        )

    def drop(self) -> None:
        """Remove the slot and the state; Bronze stays. Idempotent."""
        with source.connect(self.dsn) as connection:
            source.drop_slot(connection, self.slot)
        self.state_file.unlink(missing_ok=True)

    def _load_tables(
        self, connection: psycopg2.extensions.connection, started_at: datetime
    ) -> tuple[list[Path], dict[str, int]]:
        hidden: list[Path] = []
        rows: dict[str, int] = {}
        try:
            for contract in self.contracts.values():
                files, rows[contract.source_table] = load_table(
                    connection,
                    contract,
                    bronze=self.bronze,
                    started_at=started_at,
                    on_progress=self._on_progress,
                )
                hidden += files
        except BaseException:
            discard(hidden)
            raise
        return hidden, rows

    def _publish(self, state: TaskState) -> TaskState:
        """Give the loaded files their names; run again after a crash it finishes the rest."""
        for path in map(Path, state.unpublished):
            if path.exists():
                publish(path, path.with_name(path.name.removeprefix(".").removesuffix(".tmp")))
        streaming = replace(state, phase=STREAMING, unpublished=())
        write_state(self.state_file, streaming)
        return streaming

    def _streaming_state(self) -> TaskState:
        state = read_state(self.state_file)
        if state is None:
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
            if any(folder.glob("LOAD*.parquet")):
                raise TaskStateError(
                    f"{folder} holds a full load, but there is no task state that goes with it; "
                    "nothing was replicated. Restore the state, or remove Bronze and Silver and "
                    "replicate anew."
                )

    def _check_source(self, state: TaskState) -> list[str]:
        with source.connect(self.dsn) as connection:
            identity = source.identify(connection)
            if (identity.system_identifier, identity.database) != (
                state.system_identifier,
                state.database,
            ):
                raise TaskStateError(
                    f"the task's state is of database {state.database} on another server; nothing "
                    "was replicated. Point SOURCE_DB_HOST at that server, or start with an empty "
                    "state folder."
                )
            self._check_slot(state, source.confirmed_lsn(connection, state.slot))
            return source.check_columns(connection, self.contracts.values())

    def _check_slot(self, state: TaskState, confirmed: int | None) -> None:
        again = (
            f"Bronze was left alone. Remove Bronze, Silver and {self.state_file.parent}, then run "
            "the full load again."
        )
        if confirmed is None:
            raise TaskStateError(
                f"replication slot {state.slot!r} is gone, and with it the changes since the last "
                f"run. {again}"
            )
        if confirmed > state.durable_lsn:
            raise TaskStateError(
                f"{self.state_file} is older than what slot {state.slot!r} has acknowledged, so "
                f"the changes between the two would be missed. Restore the newest state. {again}"
            )

    def _start(self, cursor: psycopg2.extras.ReplicationCursor, state: TaskState) -> None:
        options = {"proto_version": "1", "publication_names": f'"{self.publication}"'}
        try:
            cursor.start_replication(
                slot_name=state.slot,
                decode=False,
                start_lsn=state.durable_lsn,
                options=options,
                status_interval=10,
            )
        except psycopg2.Error as error:
            raise SourceUnreachableError(
                f"the source refuses to stream slot {state.slot!r}: {str(error).strip()}\n"
                "Nothing was replicated. Another replication of the same slot may be running."
            ) from error


def _create_slot(
    replication: psycopg2.extras.LogicalReplicationConnection, slot: str
) -> tuple[int, str]:
    """Position of the new slot and the snapshot that shows the database as of there."""
    cursor = replication.cursor()
    try:
        cursor.create_replication_slot(slot, output_plugin="pgoutput")
    except psycopg2.Error as error:
        raise SourceUnreachableError(
            f"the source refuses to create slot {slot!r}: {str(error).strip()}\n"
            "Nothing was replicated. The user needs the REPLICATION right."
        ) from error
    _, consistent_point, snapshot, _ = cursor.fetchone()
    return source.parse_lsn(consistent_point), snapshot
