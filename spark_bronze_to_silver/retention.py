"""Which past states of a table stay readable: all for a while, then the last of each hour.

Hudi's cleaner keeps every state of some hours: those of all days, or fewer for a table that is
written so often that these would be too many. Of the older ones the last before each full hour is
kept as a savepoint: the cleaner leaves its files alone and the archiver its commit.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from spark_bronze_to_silver.instants import HOUR_DIGITS, instant_of, moment_of

# Seven days of a commit every ten minutes, and a little more.
KEPT_COMMITS = 1200
MIN_COMMITS = 20
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Retention:
    """What is to stay of a table's past.

    hours is how far back the cleaner keeps every state. commits is how many the archiver leaves on
    the timeline, the one about to be written among them. savepoints are states to be kept beyond
    the hours, each with the instant that replaced it; outdated are savepoints from before the days.
    """

    hours: int
    commits: int
    savepoints: tuple[tuple[str, str], ...] = ()
    outdated: tuple[str, ...] = ()


def retention(
    commits: Sequence[str],
    savepoints: Collection[str],
    *,
    now: datetime,
    days: int,
    whole_from: str = "",
) -> Retention:
    """What to keep when a commit is about to be written at `now` (UTC).

    commits are the completed ones on the timeline, oldest first, and savepoints those among them
    that are kept already. States before whole_from have lost files and cannot be kept any more.
    """
    promised = now - timedelta(days=days)
    hours = _hours_of_all(commits, now, days)
    kept_from, since = instant_of(now - hours * HOUR), instant_of(promised)
    # The cleaner looks at the clock again when the rows are written: an hour is left for that.
    leaving = instant_of(now - (hours - 1) * HOUR)
    ends_of_hours = [
        (state, until)
        for state, until in pairwise(commits)
        if state[:HOUR_DIGITS] < until[:HOUR_DIGITS]
        and whole_from <= state < leaving
        and until > since
        and state not in savepoints
    ]
    known = sorted({*savepoints, *(state for state, _ in ends_of_hours)})
    readable = sorted({*known, *(commit for commit in commits if commit >= kept_from)})
    outdated = [s for s, following in pairwise(readable) if s in savepoints and following <= since]
    stay = [c for c in commits if c >= kept_from or c in known]
    commits_to_stay = max(MIN_COMMITS, len(stay) + 1)
    return Retention(hours, commits_to_stay, tuple(ends_of_hours), tuple(outdated))


def _hours_of_all(commits: Sequence[str], now: datetime, days: int) -> int:
    """How many hours back every state is kept: those of all days, or of as many commits as stay.

    Two at least.
    """
    since = instant_of(now - timedelta(days=days))
    if sum(commit >= since for commit in commits) <= KEPT_COMMITS:
        return 24 * days
    oldest, last = (moment_of(commits[-count]) for count in (KEPT_COMMITS, 1))
    # The last state must not leave yet: what replaces it, and when, is known at the next commit.
    return max((now - last) // HOUR + 2, (now - oldest) // HOUR)
