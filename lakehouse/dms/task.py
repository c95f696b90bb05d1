"""A replication task: the full load once, then the changes, as an AWS DMS task does."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from contracts import Contract
from lakehouse.dms import source
from lakehouse.dms.bronze import Bronze
from lakehouse.dms.change_task import ChangeTask
from lakehouse.dms.definition import TaskDefinition
from lakehouse.dms.delivery import Delivery
from lakehouse.dms.load_task import LoadTask
from lakehouse.dms.reports import ChangeReport, LoadReport
from lakehouse.dms.settings import DmsSettings
from lakehouse.dms.slot import drop_slot
from lakehouse.dms.state import LOADING, STATE_FILE, load_started, read_state
from lakehouse.dms.table_mappings import TableMappings
from lakehouse.generate.dms_mappings import dms_table_mappings


class ReplicationTask:
    """Source to Bronze for the tables with a contract.

    state_dir is the folder of the task's state file. settings and mappings define the task; the
    defaults are those that Terraform gives to AWS DMS, and every table with a contract. The other
    arguments are those of TaskDefinition. Raises SettingsError.
    """

    def __init__(
        self,
        *,
        dsn: str,
        bronze: Path,
        state_dir: Path,
        contracts: Mapping[str, Contract],
        settings: DmsSettings | None = None,
        mappings: TableMappings | None = None,
        slot: str = "lakehouse",
        publication: str = "lakehouse",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_progress: Callable[[str, int], None] = lambda table, rows: None,
        checkpoint: Callable[[str], None] = lambda step: None,
        needs_full_identity: bool = True,
        delivery: Delivery | None = None,
    ) -> None:
        self.dsn, self.bronze, self.slot = dsn, bronze, slot
        self.state_file = state_dir / STATE_FILE
        settings = settings or DmsSettings.read()
        mappings = mappings or TableMappings.parse(dms_table_mappings(contracts.values()))
        definition = TaskDefinition(
            dsn=dsn,
            bronze=Bronze(bronze, settings, mappings),
            settings=settings,
            state_file=self.state_file,
            contracts=mappings.select(contracts),
            slot=slot,
            publication=publication,
            clock=clock,
            on_progress=on_progress,
            checkpoint=checkpoint,
            needs_full_identity=needs_full_identity,
            delivery=delivery or Delivery(),
        )
        self._load = LoadTask(definition)
        self._changes = ChangeTask(definition)

    def is_started(self) -> bool:
        """Whether the full load is behind the task (or only waits to be published)."""
        state = read_state(self.state_file)
        return state is not None and state.phase != LOADING

    def full_load(self) -> LoadReport:
        """Load every table as of one moment; see LoadTask.run."""
        return self._load.run()

    def reload(self, names: Sequence[str] = ()) -> LoadReport:
        """Load these tables anew (contract names; none means all); see LoadTask.reload."""
        return self._load.reload(names)

    def load_started(self) -> dict[str, datetime]:
        """When the newest load of each table began; see state.load_started."""
        return load_started(self.state_file.parent)

    def catch_up(self, *, timeout_seconds: float = 600) -> ChangeReport:
        """Bring every change that was committed before this call; see ChangeTask.catch_up."""
        self._load.finish_publishing()
        return self._changes.catch_up(timeout_seconds=timeout_seconds)

    def run(self, stop: threading.Event, *, flush_seconds: float | None = None) -> ChangeReport:
        """Replicate changes until `stop` is set; see ChangeTask.run."""
        self._load.finish_publishing()
        return self._changes.run(stop, flush_seconds=flush_seconds)

    def drop(self) -> None:
        """Remove the slot and the state; Bronze stays. Idempotent."""
        with source.connect(self.dsn) as connection:
            drop_slot(connection, self.slot)
        self.state_file.unlink(missing_ok=True)
