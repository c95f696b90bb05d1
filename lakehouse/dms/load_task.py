"""The part of a task that loads whole tables, and gives their files names once all are written."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime

import psycopg2
import psycopg2.extensions

from contracts import Contract
from lakehouse.dms import source
from lakehouse.dms.change_seq import time_part
from lakehouse.dms.definition import TaskDefinition
from lakehouse.dms.errors import ReplicationError, TaskStateError
from lakehouse.dms.full_load import DMS_TIMESTAMP, LoadedTable, load_tables
from lakehouse.dms.load_start import load_start
from lakehouse.dms.reports import LoadReport
from lakehouse.dms.slot import create_slot, drop_slot, is_behind, slot_status
from lakehouse.dms.state import LOADING, PUBLISHING, STREAMING, TaskState, read_state, write_state
from lakehouse.dms.writer import publish, shown_path


class LoadTask:
    """The full load of a task's tables, and loading some or all of them anew."""

    def __init__(self, definition: TaskDefinition) -> None:
        self._task = definition

    def run(self) -> LoadReport:
        """Load every table as of the moment at which the slot is created.

        The files get their names only when all tables are loaded, so a load that breaks off leaves
        nothing in Bronze and is simply run again. Raises TaskStateError when the task, its files
        or its slot are there already.
        """
        task, begun = self._task, time.monotonic()
        with task.exclusive():
            self._refuse_second_load()
            with source.connect(task.dsn) as connection:
                warnings = task.check_tables(connection)
                state = TaskState(LOADING, task.slot, *source.identify(connection))
                self._clear_broken_load(connection, state)
                started_at = load_start(connection, state.time_part)
            write_state(task.state_file, state)
            try:
                with self._new_slot() as (lsn, snapshot):
                    loaded = self._load(snapshot, task.contracts, started_at)
                state = self._written(replace(state, durable_lsn=lsn), loaded, started_at)
            except BaseException:
                self._give_up()
                raise
            task.checkpoint("load_written")
            self._publish(state)
        return self._report(loaded, begun, warnings)

    def reload(self, names: Sequence[str] = ()) -> LoadReport:
        """Load these tables anew (contract names; none means all), while their changes go on.

        Bronze keeps what it has, except that LOAD files of the same name are replaced. When the
        slot is lost or ahead of the state, a new one is made, and then all tables have to be
        loaded. A reload that breaks off leaves Bronze and the task as they were, but for a slot
        that was lost already. Raises TaskStateError.
        """
        task, begun = self._task, time.monotonic()
        chosen = self._chosen(names)
        with task.exclusive():
            self._finish_publishing()
            state = self._loaded_state()
            task.bronze.remove_hidden(task.contracts.values())
            with source.connect(task.dsn) as connection:
                source.check_identity(connection, (state.system_identifier, state.database))
                warnings = task.check_tables(connection)
                goes_on = is_behind(slot_status(connection, state.slot), state.durable_lsn)
                if not goes_on:
                    self._refuse_partial_reload(chosen)
                    drop_slot(connection, state.slot)
                started_at = load_start(connection, state.time_part)
            if goes_on:
                with source.exported_snapshot(task.dsn) as snapshot:
                    loaded = self._load(snapshot, chosen, started_at)
            else:
                with self._new_slot() as (lsn, snapshot):
                    loaded = self._load(snapshot, chosen, started_at)
                state = replace(state, durable_lsn=lsn)
            state = self._written(state, loaded, started_at)
            task.checkpoint("load_written")
            self._publish(state)
        return self._report(loaded, begun, warnings)

    def finish_publishing(self) -> None:
        """Go on where a load was killed after all its files were written; else do nothing."""
        with self._task.exclusive():
            self._finish_publishing()

    def _finish_publishing(self) -> None:
        state = read_state(self._task.state_file)
        if state is not None and state.phase == PUBLISHING:
            self._publish(state)

    @contextmanager
    def _new_slot(self) -> Iterator[tuple[int, str]]:
        """A new slot's position and its snapshot, which lives as long as the `with`."""
        with source.connect_for_replication(self._task.dsn) as replication:
            made = create_slot(replication, self._task.slot)
            self._task.checkpoint("slot_created")
            yield made

    def _load(
        self, snapshot: str, contracts: Mapping[str, Contract], started_at: datetime
    ) -> dict[str, LoadedTable]:
        task = self._task
        task.bronze.warnings.clear()
        return load_tables(
            task.dsn,
            snapshot,
            contracts,
            bronze=task.bronze,
            started_at=started_at,
            sub_tasks=task.settings.task.full_load_settings.max_full_load_sub_tasks,
            on_progress=task.on_progress,
            on_loaded=lambda: task.checkpoint("table_loaded"),
        )

    def _written(
        self, state: TaskState, loaded: Mapping[str, LoadedTable], started_at: datetime
    ) -> TaskState:
        """The state from which the rest of the load can be done after a crash.

        The sequence goes on from the load's start: no later change sorts before the load.
        """
        task = self._task
        paths = [path for table in loaded.values() for path in table.files]
        starts = dict.fromkeys(loaded, started_at.strftime(DMS_TIMESTAMP))
        state = replace(
            state,
            phase=PUBLISHING,
            time_part=time_part(started_at),
            unpublished=tuple(str(path.relative_to(task.bronze.root)) for path in paths),
            load_started={**state.load_started, **starts},
        )
        write_state(task.state_file, state)
        return state

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

    def _report(
        self, loaded: Mapping[str, LoadedTable], begun: float, warnings: list[str]
    ) -> LoadReport:
        return LoadReport(
            rows_by_table={table.source_table: table.rows for table in loaded.values()},
            files=sum(len(table.files) for table in loaded.values()),
            seconds=time.monotonic() - begun,
            warnings=(*warnings, *self._task.bronze.warnings),
        )

    def _chosen(self, names: Sequence[str]) -> Mapping[str, Contract]:
        contracts = self._task.contracts
        unknown = [name for name in names if name not in contracts]
        if unknown:
            raise TaskStateError(
                f"the task replicates no table {unknown[0]!r}; nothing was loaded. "
                f"Its tables: {', '.join(contracts)}"
            )
        return {name: c for name, c in contracts.items() if name in (names or contracts)}

    def _loaded_state(self) -> TaskState:
        state = read_state(self._task.state_file)
        if state is None or state.phase == LOADING:
            raise TaskStateError(
                f"there is no replication task in {self._task.state_file.parent}; nothing was "
                "loaded. Run the first full load: `lakehouse replicate`."
            )
        return state

    def _refuse_partial_reload(self, chosen: Mapping[str, Contract]) -> None:
        if len(chosen) < len(self._task.contracts):
            raise TaskStateError(
                f"replication slot {self._task.slot!r} is gone or ahead of the state, so changes "
                "of every table are lost; nothing was loaded. Load all tables: "
                "`lakehouse replicate --reload`."
            )

    def _refuse_second_load(self) -> None:
        task = self._task
        state = read_state(task.state_file)
        if state is not None and state.phase != LOADING:
            raise TaskStateError(
                f"{task.state_file} says that the full load is done; nothing was replicated. "
                "`lakehouse replicate` brings the changes since then, `--reload` loads anew."
            )
        for contract in task.contracts.values():
            if task.bronze.has_files(contract):
                raise TaskStateError(
                    f"{task.bronze.table_folder(contract)} holds files of a replication, but "
                    "there is no task state that goes with them; nothing was replicated. Restore "
                    "the state, or remove Bronze and Silver and replicate anew."
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
