"""Which past states of a table can still be read, as its reader found them.

A reader must ask first. For a state that was cleaned away hudi-rs gives no error: it answers with
whatever older file is still there.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from spark_bronze_to_silver.errors import UnreachableInstantError
from spark_bronze_to_silver.instants import HOUR_DIGITS, instant_of
from spark_bronze_to_silver.notes import OWNER, UNTIL

SECOND_DIGITS = 14


@dataclass(frozen=True)
class Savepoint:
    """An older state that was kept by itself, and the instant that replaced it, where known.

    The job notes that instant. A savepoint that somebody else has set answers only for its own
    second, because later commits may be forgotten.
    """

    instant: str
    until: str | None

    @classmethod
    def of(cls, instant: str, owner: str, comment: str) -> "Savepoint":
        """From what Hudi keeps of a savepoint: who has set it, and a comment."""
        is_own = owner == OWNER and comment.startswith(UNTIL)
        return cls(instant, comment.removeprefix(UNTIL) if is_own else None)

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


def shown(instant: str) -> str:
    """An instant for people: date and time to the second."""
    return f"{datetime.strptime(instant[:SECOND_DIGITS], '%Y%m%d%H%M%S').replace(tzinfo=UTC):%F %T}"


def _shown_reach(savepoint: Savepoint) -> str:
    if savepoint.until is None:
        return shown(savepoint.instant)
    return f"{shown(savepoint.instant)} until {shown(savepoint.until)}"
