"""Which past states of a Silver table can still be read, and the files that hold them.

A reader must ask first. For a state that was cleaned away hudi-rs gives no error: it answers with
whatever older file is still there.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import fastavro
from hudi import HudiReadOptions

from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.hudi_folder import is_table, read_table
from spark_bronze_to_silver.instants import HOUR_DIGITS, instant_of
from spark_bronze_to_silver.notes import OWNER, UNTIL

SECOND_DIGITS = 14


class UnreachableInstantError(LakehouseError):
    """A table has no readable state at the moment asked for."""


@dataclass(frozen=True)
class Savepoint:
    """An older state that was kept by itself, and the instant that replaced it, where known.

    The job notes that instant. A savepoint that somebody else has set answers only for its own
    second, because later commits may be forgotten.
    """

    instant: str
    until: str | None

    def holds_at(self, asked: str) -> bool:
        """Whether this was the table's state at that instant."""
        if self.until is None:
            return self.instant[:SECOND_DIGITS] == asked[:SECOND_DIGITS]
        return self.instant <= asked < self.until


@dataclass(frozen=True)
class Timeline:
    """The states of one table that can be read; instants are named as Hudi names them.

    commits: every completed commit that no cleaning has touched, oldest first; between two of
    them nothing happened. savepoints: states from before them.
    """

    table: str
    commits: tuple[str, ...]
    savepoints: tuple[Savepoint, ...]

    @property
    def instants(self) -> tuple[str, ...]:
        """The states that the job keeps, oldest first."""
        kept = (savepoint.instant for savepoint in self.savepoints if savepoint.until)
        return (*kept, *self.commits)

    @property
    def gaps(self) -> tuple[tuple[str, str], ...]:
        """Times in between, from one instant to another, with a full hour that cannot be read."""
        kept = [savepoint for savepoint in self.savepoints if savepoint.until]
        following = [*(savepoint.instant for savepoint in kept[1:]), *self.commits[:1]]
        return tuple(
            (savepoint.until, instant)
            for savepoint, instant in zip(kept, following, strict=False)
            if savepoint.until[:HOUR_DIGITS] < instant[:HOUR_DIGITS]
        )

    def at(self, moment: datetime) -> str:
        """The instant whose state the table had at the moment.

        Raises UnreachableInstantError before the first commit and where states were cleaned.
        """
        return self.at_instant(instant_of(moment))

    def at_instant(self, asked: str) -> str:
        """The same for a moment that is given as Hudi names instants."""
        if before := [instant for instant in self.commits if instant <= asked]:
            return before[-1]
        for savepoint in self.savepoints:
            if savepoint.holds_at(asked):
                return savepoint.instant
        raise UnreachableInstantError(
            f"Silver table {self.table} cannot be read as of {shown(asked)} UTC; nothing was read. "
            f"{self._reach()}"
        )

    def _reach(self) -> str:
        if not self.commits:
            return "It has no commit yet."
        reach = f"It can be read as of {shown(self.commits[0])} UTC or later"
        if not self.savepoints:
            return f"{reach}."
        kept = ", ".join(map(_shown_reach, self.savepoints))
        return f"{reach}, and at its savepoints: {kept}."


def read_timeline(table: Path) -> Timeline:
    """The table's reachable states; none when there is no table yet."""
    if not is_table(table):
        return Timeline(table.name, (), ())
    commits = read_table(table, lambda hudi: hudi.get_timeline().get_completed_commits())
    completed = [instant.timestamp for instant in commits]
    kept_from = _earliest_kept(table / ".hoodie")
    savepoints = sorted((table / ".hoodie").glob("*.savepoint"))
    return Timeline(
        table.name,
        tuple(instant for instant in completed if instant >= kept_from),
        tuple(_savepoint(file) for file in savepoints if file.stem < kept_from),
    )


def files_at(table: Path, instant: str) -> list[str]:
    """Parquet files that held the table's rows after that commit."""
    past = HudiReadOptions().with_as_of_timestamp(instant)
    slices = read_table(table, lambda hudi: hudi.get_file_slices(past))
    return sorted(f"{table}/{s.base_file_relative_path()}" for s in slices)


def shown(instant: str) -> str:
    """An instant for people: date and time to the second."""
    return f"{datetime.strptime(instant[:SECOND_DIGITS], '%Y%m%d%H%M%S').replace(tzinfo=UTC):%F %T}"


def _shown_reach(savepoint: Savepoint) -> str:
    if savepoint.until is None:
        return shown(savepoint.instant)
    return f"{shown(savepoint.instant)} until {shown(savepoint.until)}"


def _savepoint(file: Path) -> Savepoint:
    """HoodieSavepointMetadata (hudi-common, avro/HoodieSavePointMetadata.avsc)."""
    with file.open("rb") as stream:
        (metadata,) = fastavro.reader(stream)
    comment = metadata["comments"]
    is_own = metadata["savepointedBy"] == OWNER and comment.startswith(UNTIL)
    return Savepoint(file.stem, comment.removeprefix(UNTIL) if is_own else None)


def _earliest_kept(timeline: Path) -> str:
    """The earliest commit that the last cleaning kept whole; empty when nothing was cleaned.

    HoodieCleanMetadata, earliestCommitToRetain (hudi-common, avro/HoodieCleanMetadata.avsc).
    """
    cleanings = sorted(timeline.glob("*.clean"))
    if not cleanings:
        return ""
    with cleanings[-1].open("rb") as file:
        (metadata,) = fastavro.reader(file)
    return metadata["earliestCommitToRetain"]
