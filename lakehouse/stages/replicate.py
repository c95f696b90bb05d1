"""Source to Bronze: the full load when there is none yet, after that only the changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lakehouse.dms.errors import ReplicationError
from lakehouse.dms.faults import RESTART, Fault, FaultyDelivery, release_late, skewed
from lakehouse.dms.table_mappings import TableMappings
from lakehouse.dms.task import ReplicationTask
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.state import REPOSITORY

TABLE_MAPPINGS = REPOSITORY / "terraform" / "generated" / "dms_table_mappings.json"


@dataclass(frozen=True)
class Replicated:
    """What one replication did; rows are those of a load, or changes."""

    kind: str
    by_table: Mapping[str, int]
    warnings: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Rows written to Bronze, all tables."""
        return sum(self.by_table.values())


def replicate(
    home: EmbeddedHome,
    on_progress: Callable[[str, int], None] = lambda table, rows: None,
    *,
    faults: Sequence[Fault] = (),
    seed: int = 0,
) -> Replicated:
    """Bring Bronze up to date. Raises the errors of lakehouse.dms and SourceDatabaseError.

    Files that an earlier fault held back arrive; with faults, the changes suffer them.
    """
    task = _task(home, on_progress, faults, seed)
    release_late(home.state.bronze)
    if not task.is_started():
        report = task.full_load()
        return Replicated("full load", report.rows_by_table, tuple(report.warnings))
    report = task.catch_up()
    warnings = report.warnings
    if any(fault.name == RESTART for fault in faults):
        warnings += task.reload().warnings
    return Replicated("changes", report.rows_by_table, tuple(warnings))


def reload(
    home: EmbeddedHome,
    tables: Sequence[str] = (),
    on_progress: Callable[[str, int], None] = lambda table, rows: None,
) -> Replicated:
    """Load these tables anew, all when none is named. Raises like `replicate`.

    What the log still tells of the time before is read first: else the histories would know only
    what the load finds. A log that is lost or cannot be read is what a reload is for.
    """
    task = _task(home, on_progress)
    try:
        before = task.catch_up().warnings
    except ReplicationError as error:
        before = (f"changes from before this load are not in Bronze: {error}",)
    report = task.reload(tables)
    return Replicated("reload", report.rows_by_table, (*before, *report.warnings))


def _task(
    home: EmbeddedHome,
    on_progress: Callable[[str, int], None],
    faults: Sequence[Fault] = (),
    seed: int = 0,
) -> ReplicationTask:
    return ReplicationTask(
        dsn=home.dsn(),
        bronze=home.state.bronze,
        state_dir=home.state.dms,
        contracts=home.contracts,
        mappings=TableMappings.read(TABLE_MAPPINGS),
        on_progress=on_progress,
        clock=skewed(lambda: datetime.now(UTC), faults),
        delivery=FaultyDelivery(faults, seed),
    )
