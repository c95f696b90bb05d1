"""How the Hudi tables of Silver fare: files, sizes, commits, and how far back they can be read."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from contracts import Contract, derived_tables
from lakehouse.homes.embedded.hudi_folder import is_table, read_table
from lakehouse.homes.embedded.silver_relations import current_files
from lakehouse.homes.embedded.time_travel import read_timeline
from spark_bronze_to_silver.file_sizes import LARGEST, file_bytes
from spark_bronze_to_silver.schemas import QUARANTINE_FOLDER
from spark_bronze_to_silver.timeline import SECOND_DIGITS, shown

# A table may have this many files more than twice what its size asks for.
SPARE_FILES = 8
MAX_COMMITS = 3000
PENDING_LIMIT = timedelta(hours=1)
# The cleaner runs with a write, so a little more than promised may be kept.
CLEANING_SLACK = timedelta(days=1)
# Rows written per row changed count as a problem only where a write is more than one file.
MAX_AMPLIFICATION = 1000


@dataclass(frozen=True)
class TableHealth:
    """One table. Sizes are bytes, instants as Hudi names them, moments UTC.

    files and size are those of the current state; stored adds all past ones. readable are the
    states that the job keeps, gaps the times in between of which a full hour cannot be read.
    rows_changed and rows_written sum over the commits on the timeline. is_cleaned says whether past
    states were removed with none of them kept; pending are writes that were not completed.
    """

    table: str
    files: int
    size: int
    stored: int
    commits: tuple[str, ...]
    readable: tuple[str, ...]
    rows_changed: int
    rows_written: int
    pending: tuple[str, ...]
    is_cleaned: bool = False
    gaps: tuple[tuple[str, str], ...] = ()

    @property
    def write_amplification(self) -> float | None:
        """Rows written for each row that changed; None when nothing changed."""
        return self.rows_written / self.rows_changed if self.rows_changed else None

    @property
    def oldest(self) -> str | None:
        """The oldest state that can be read; None without a commit."""
        return self.readable[0] if self.readable else None

    def problems(self, now: datetime, time_travel_days: int) -> list[str]:
        """What is beyond the limits, in words; empty for a healthy table."""
        promised = timedelta(days=time_travel_days)
        checks = (
            self._pending(now),
            self._fragmented(),
            self._costly(),
            self._long_timeline(),
            self._uncleaned(promised),
            self._cleaned_too_early(promised),
            self._torn(),
        )
        return [problem for problem in checks if problem]

    def _pending(self, now: datetime) -> str | None:
        old = [instant for instant in self.pending if now - moment_of(instant) > PENDING_LIMIT]
        if not old:
            return None
        return (
            f"a write of {shown(old[0])} was never completed; the next write rolls it back: "
            "run the job"
        )

    def _fragmented(self) -> str | None:
        limit = 2 * math.ceil(self.size / file_bytes(self.size)) + SPARE_FILES
        if self.files <= limit:
            return None
        return f"{self.files} files where {limit} are the limit for its size: cluster the table"

    def _costly(self) -> str | None:
        amplification = self.write_amplification or 0
        if self.size <= LARGEST or amplification <= MAX_AMPLIFICATION:
            return None
        return (
            f"{amplification:,.0f} rows are written for each that changes, above "
            f"{MAX_AMPLIFICATION:,}: run the job less often"
        )

    def _long_timeline(self) -> str | None:
        if len(self.commits) <= MAX_COMMITS:
            return None
        return (
            f"{len(self.commits):,} commits on the timeline, above {MAX_COMMITS:,}: run the job "
            "less often or keep fewer days"
        )

    def _uncleaned(self, promised: timedelta) -> str | None:
        if not self.commits:
            return None
        horizon = moment_of(self.commits[-1]) - promised - CLEANING_SLACK
        late = [instant for instant in self.readable if moment_of(instant) < horizon]
        # One state from before the horizon is what the table was at the horizon.
        if len(late) <= 1:
            return None
        return f"{len(late)} states from before {horizon:%F} were not cleaned away"

    def _cleaned_too_early(self, promised: timedelta) -> str | None:
        if not self.readable or not self.is_cleaned:
            return None
        horizon = moment_of(self.commits[-1]) - promised
        if moment_of(self.readable[0]) <= horizon:
            return None
        return (
            f"it can be read back to {shown(self.readable[0])} only, not for the "
            f"{promised.days} days promised"
        )

    def _torn(self) -> str | None:
        if not self.gaps:
            return None
        (start, end), *more = self.gaps
        return (
            f"no state between {shown(start)} and {shown(end)} was kept"
            f"{f', and {len(more)} more gaps' if more else ''}: something else cleans this table"
        )


def table_healths(silver: Path, contracts: Iterable[Contract]) -> Iterator[TableHealth]:
    """Every table of Silver that exists: source tables, derived ones, quarantines."""
    contracts = list(contracts)
    tables = [t.name for t in (*contracts, *derived_tables(contracts))]
    for name in (*tables, *(f"{QUARANTINE_FOLDER}/{c.name}" for c in contracts)):
        if is_table(silver / name):
            yield _health(silver / name, name)


def moment_of(instant: str) -> datetime:
    """The moment (UTC) that an instant names, to the second."""
    return datetime.strptime(instant[:SECOND_DIGITS], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _health(table: Path, name: str) -> TableHealth:
    timeline = read_table(table, lambda hudi: hudi.get_timeline())
    commits = list(timeline.get_completed_commits())
    changed = written = 0
    for commit in commits:
        for file in _written_files(json.loads(timeline.get_instant_metadata_in_json(commit))):
            written += file["numWrites"]
            changed += file["numInserts"] + file["numUpdateWrites"] + file["numDeletes"]
    current = [Path(file) for file in current_files(table)]
    past = read_timeline(table)
    return TableHealth(
        table=name,
        files=len(current),
        size=sum(file.stat().st_size for file in current),
        stored=sum(file.stat().st_size for file in table.rglob("*.parquet")),
        commits=tuple(commit.timestamp for commit in commits),
        readable=past.instants,
        rows_changed=changed,
        rows_written=written,
        pending=_pending_instants(table / ".hoodie"),
        # With savepoints of its own a table may be younger than the days.
        is_cleaned=past.instants == past.commits and _is_cleaned(table / ".hoodie"),
        gaps=past.gaps,
    )


def _written_files(metadata: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """HoodieWriteStat of every file that a commit wrote (hudi-common, HoodieCommitMetadata)."""
    for stats in metadata.get("partitionToWriteStats", {}).values():
        yield from stats


def _is_cleaned(timeline: Path) -> bool:
    """Whether a cleaning is on the timeline, or so old that it is archived."""
    return any(timeline.glob("*.clean")) or any((timeline / "archived").glob("*"))


def _pending_instants(timeline: Path) -> tuple[str, ...]:
    """Instants that were begun (`<instant>.<action>.requested`) and not completed."""
    begun = {tuple(p.name.split(".")[:2]) for p in timeline.glob("*.requested")}
    open_ = [
        instant for instant, action in begun if not (timeline / f"{instant}.{action}").exists()
    ]
    return tuple(sorted(open_))
