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

# Hudi names an instant by its time to the millisecond; the job keeps the timeline in UTC.
INSTANT_DIGITS = 17
SECOND_DIGITS = 14


class UnreachableInstantError(LakehouseError):
    """A table has no readable state at the moment asked for."""


@dataclass(frozen=True)
class Timeline:
    """The states of one table that can be read; instants are named as Hudi names them.

    commits: every completed commit that no cleaning has touched, oldest first; between two of
    them nothing happened. savepoints: older states that were kept on purpose, each by itself.
    """

    table: str
    commits: tuple[str, ...]
    savepoints: tuple[str, ...]

    def at(self, moment: datetime) -> str:
        """The instant whose state the table had at the moment.

        A savepoint answers only for its own second, because later commits may be forgotten.
        Raises UnreachableInstantError before the first commit and where states were cleaned.
        """
        return self.at_instant(f"{moment.astimezone(UTC):%Y%m%d%H%M%S%f}"[:INSTANT_DIGITS])

    def at_instant(self, asked: str) -> str:
        """The same for a moment that is given as Hudi names instants."""
        if before := [instant for instant in self.commits if instant <= asked]:
            return before[-1]
        for savepoint in self.savepoints:
            if savepoint[:SECOND_DIGITS] == asked[:SECOND_DIGITS]:
                return savepoint
        raise UnreachableInstantError(
            f"Silver table {self.table} cannot be read as of {shown(asked)} UTC; nothing was read. "
            f"{self._reach()}"
        )

    def _reach(self) -> str:
        if not self.commits:
            return "It has no commit yet."
        reach = f"It can be read as of {shown(self.commits[0])} UTC or later"
        if self.savepoints:
            return f"{reach}, and at its savepoints: {', '.join(map(shown, self.savepoints))}."
        return f"{reach}."


def read_timeline(table: Path) -> Timeline:
    """The table's reachable states; none when there is no table yet."""
    if not is_table(table):
        return Timeline(table.name, (), ())
    commits = read_table(table, lambda hudi: hudi.get_timeline().get_completed_commits())
    completed = [instant.timestamp for instant in commits]
    kept_from = _earliest_kept(table / ".hoodie")
    savepoints = sorted(p.stem for p in (table / ".hoodie").glob("*.savepoint"))
    return Timeline(
        table.name,
        tuple(instant for instant in completed if instant >= kept_from),
        tuple(instant for instant in savepoints if instant < kept_from),
    )


def files_at(table: Path, instant: str) -> list[str]:
    """Parquet files that held the table's rows after that commit."""
    past = HudiReadOptions().with_as_of_timestamp(instant)
    slices = read_table(table, lambda hudi: hudi.get_file_slices(past))
    return sorted(f"{table}/{s.base_file_relative_path()}" for s in slices)


def shown(instant: str) -> str:
    """An instant for people: date and time to the second."""
    return f"{datetime.strptime(instant[:SECOND_DIGITS], '%Y%m%d%H%M%S').replace(tzinfo=UTC):%F %T}"


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
