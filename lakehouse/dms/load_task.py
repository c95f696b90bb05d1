"""The part of a task that loads whole tables, and gives their files names once all are written."""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psycopg2
import psycopg2.extensions

from lakehouse.dms import source
from lakehouse.dms.definition import TaskDefinition
from lakehouse.dms.errors import ReplicationError, TaskStateError
from lakehouse.dms.full_load import load_table, read_snapshot
from lakehouse.dms.reports import LoadReport
from lakehouse.dms.slot import create_slot, drop_slot, slot_status
from lakehouse.dms.state import LOADING, PUBLISHING, STREAMING, TaskState, read_state, write_state
from lakehouse.dms.writer import publish, shown_path


class LoadTask:
    """The full load of a task's tables."""

    def __init__(self, definition: TaskDefinition) -> None:
        self._task = definition

    def run(self) -> LoadReport:
        """Load every table as of the moment at which the slot is created.

        The files get their names only when all tables are loaded, so a load that breaks off leaves
        nothing in Bronze and is simply run again. Raises TaskStateError when the task, its files
        or its slot are there already.
        """
        task = self._task
        self._refuse_second_load()
        task.bronze.warnings.clear()
        started, started_at = time.monotonic(), task.clock()
        with source.connect(task.dsn) as connection:
            warnings = task.check_tables(connection)
            state = TaskState(LOADING, task.slot, *source.identify(connection))
            self._clear_broken_load(connection, state)
        write_state(task.state_file, state)
        try:
            lsn, hidden, rows = self._load(started_at)
            unpublished = tuple(str(path.relative_to(task.bronze.root)) for path in hidden)
            state = replace(state, phase=PUBLISHING, durable_lsn=lsn, unpublished=unpublished)
            write_state(task.state_file, state)
        except BaseException:
            self._give_up()
            raise
        task.checkpoint("load_written")
        self._publish(state)
        return LoadReport(
            rows, len(hidden), time.monotonic() - started, (*warnings, *task.bronze.warnings)
        )

    def finish_publishing(self) -> None:
        """Go on where a load was killed after all its files were written; else do nothing."""
        state = read_state(self._task.state_file)
        if state is not None and state.phase == PUBLISHING:
            self._publish(state)

    def _load(self, started_at: datetime) -> tuple[int, list[Path], dict[str, int]]:
        """The slot's position, the hidden files, and rows by source table."""
        task = self._task
        hidden: list[Path] = []
        rows: dict[str, int] = {}
        with source.connect_for_replication(task.dsn) as replication:
            lsn, snapshot = create_slot(replication, task.slot)
            task.checkpoint("slot_created")
            with source.connect(task.dsn) as connection:
                read_snapshot(connection, snapshot)
                for contract in task.contracts.values():
                    files, rows[contract.source_table] = load_table(
                        connection,
                        contract,
                        bronze=task.bronze,
                        started_at=started_at,
                        on_progress=task.on_progress,
                    )
                    hidden += files
        return lsn, hidden, rows

    def _refuse_second_load(self) -> None:
        task = self._task
        state = read_state(task.state_file)
        if state is not None and state.phase != LOADING:
            raise TaskStateError(
                f"{task.state_file} says that the full load is done; nothing was replicated. "
                "`lakehouse replicate` brings the changes since then."
            )
        for contract in task.contracts.values():
            if task.bronze.has_files(contract):
                raise TaskStateError(
                    f"{task.bronze.table_folder(contract)} holds files of a replication, but "
                    "there is no task state that goes with them; nothing was "
                    "replicated. Restore the state, or remove Bronze and Silver and replicate "
                    "anew."
                )

    def _clear_broken_load(
        self, connection: psycopg2.extensions.connection, new: TaskState
    ) -> None:
        """Remove what a load that was killed has left. Raises TaskStateError for others' slots."""
        task = self._task
        if slot_status(connection, task.slot) is not None:
            if read_state(task.state_file) != new:
                raise TaskStateError(
                    f"replication slot {task.slot!r} exists, but {task.state_file.parent} has no "
                    "task that goes with it; nothing was replicated. Another lakehouse may be "
                    "using the slot. If none does, run in the source: "
                    f"select pg_drop_replication_slot('{task.slot}')"
                )
            drop_slot(connection, task.slot)
        task.bronze.remove_hidden(task.contracts.values())

    def _give_up(self) -> None:
        """Leave nothing behind; without a connection the next full load does this."""
        task = self._task
        task.bronze.remove_hidden(task.contracts.values())
        with suppress(ReplicationError, psycopg2.Error):
            with source.connect(task.dsn) as connection:
                drop_slot(connection, task.slot)
            task.state_file.unlink(missing_ok=True)

    def _publish(self, state: TaskState) -> None:
        """Give the loaded files their names; run again after a crash it finishes the rest."""
        task = self._task
        for hidden in (task.bronze.root / name for name in state.unpublished):
            if hidden.exists():
                publish(hidden, task.bronze.root)
            elif not shown_path(hidden).exists():
                raise TaskStateError(
                    f"{hidden} is gone, which the full load had written; Bronze is not complete. "
                    f"Remove Bronze and {task.state_file.parent}, run in the source `select "
                    f"pg_drop_replication_slot('{state.slot}')`, then run the full load again."
                )
            task.checkpoint("load_published")
        write_state(task.state_file, replace(state, phase=STREAMING, unpublished=()))
