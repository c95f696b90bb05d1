"""What stays of a table's past: every full hour of the days, on a timeline that does not grow."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from spark_bronze_to_silver import retention as module
from spark_bronze_to_silver.hudi_table import ARCHIVED_AT_ONCE, is_cleaning_due
from spark_bronze_to_silver.instants import instant_of
from spark_bronze_to_silver.retention import Retention, retention

NOW = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)
START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAYS, KEPT, MIN = 1, 8, 3


def instants(*ago: timedelta) -> list[str]:
    return [instant_of(NOW - passed) for passed in ago]


class Table:
    """The timeline of a table as Hudi's cleaner and archiver leave it."""

    def __init__(self) -> None:
        self.history: list[str] = []
        self.active: list[str] = []
        self.savepoints: dict[str, str] = {}
        self.whole_from = ""

    def commit(self, now: datetime, took: timedelta = timedelta()) -> Retention:
        """The cleaner looks at the clock again, when the rows are written."""
        keep = retention(
            self.active, self.savepoints, now=now, days=DAYS, whole_from=self.whole_from
        )
        assert all(state >= self.whole_from for state, _ in keep.savepoints)
        self.savepoints |= dict(keep.savepoints)
        for instant in keep.outdated:
            del self.savepoints[instant]
        is_due = is_cleaning_due(self.active[-1] if self.active else None, now)
        self.history.append(instant_of(now))
        self.active.append(self.history[-1])
        if is_due:
            horizon = instant_of(now + took - keep.hours * HOUR)
            whole = (commit for commit in self.active if commit >= horizon)
            self.whole_from = next(whole, self.active[-1])
        if len(self.active) > keep.commits + ARCHIVED_AT_ONCE:
            loose = [commit for commit in self.active if commit not in self.savepoints]
            gone = set(loose[: len(self.active) - keep.commits])
            self.active = [commit for commit in self.active if commit not in gone]
        return keep

    def at(self, asked: str) -> str | None:
        """The state that a reader finds for the moment."""
        whole = [commit for commit in self.active if self.whole_from <= commit <= asked]
        if whole:
            return whole[-1]
        found = [state for state, until in self.savepoints.items() if state <= asked < until]
        return found[0] if found else None


def is_lost(table: Table, asked: str) -> bool:
    truth = [commit for commit in table.history if commit <= asked]
    return bool(truth) and table.at(asked) != truth[-1]


# Minutes from one commit to the next: bursts, a steady beat, and quiet hours.
gaps = st.lists(
    st.one_of(st.floats(0.02, 2), st.floats(5, 15), st.floats(30, 400)), min_size=1, max_size=150
)


@given(gaps, st.floats(0, 59))
def test_every_full_hour_of_the_days_stays_readable_and_the_timeline_short(minutes, took):
    table, now = Table(), START
    patched = (module.KEPT_COMMITS, module.MIN_COMMITS)
    module.KEPT_COMMITS, module.MIN_COMMITS = KEPT, MIN
    try:
        for gap in minutes:
            now += timedelta(minutes=gap)
            table.commit(now, timedelta(minutes=took))
            hour = now.replace(minute=0, second=0, microsecond=0)
            full_hours = [hour - n * HOUR for n in range(24 * DAYS)]
            asked = [instant_of(h) for h in full_hours if h > now - timedelta(days=DAYS)]
            assert not [a for a in asked if is_lost(table, a)]
            since = instant_of(now - timedelta(minutes=gap) - 3 * HOUR)
            of_last_hours = sum(commit >= since for commit in table.active)
            assert len(table.savepoints) <= 24 * DAYS + 2
            assert len(table.active) <= (
                max(KEPT, of_last_hours) + len(table.savepoints) + ARCHIVED_AT_ONCE + MIN + 1
            )
    finally:
        module.KEPT_COMMITS, module.MIN_COMMITS = patched


@given(gaps)
def test_a_table_that_is_written_seldom_keeps_every_state_of_the_days(minutes):
    """And one savepoint or two: what the table was when the days began."""
    table, now = Table(), START
    for gap in minutes:
        now += timedelta(minutes=gap)
        assert table.commit(now).hours == 24 * DAYS
        since = instant_of(now - timedelta(days=DAYS))
        assert not [c for c in table.history if c >= since and is_lost(table, c)]
        assert len(table.savepoints) <= 3


def test_a_commit_a_minute_keeps_the_last_hours_whole():
    commits = instants(*(timedelta(minutes=n) for n in range(5 * 24 * 60, 0, -1)))
    keep = retention(commits, (), now=NOW, days=7)
    assert keep.hours == 20
    ends = [p for p, c in pairwise(commits) if p[:10] < c[:10] and p < commits[-19 * 60]]
    assert [state for state, _ in keep.savepoints] == ends and len(ends) == 101
    assert all(state[8:14].endswith("5930") for state, _ in keep.savepoints)
    assert keep.commits == 20 * 60 + 100 + 1


def test_a_state_that_has_lost_files_is_not_kept():
    commits = instants(*(timedelta(minutes=n) for n in range(3 * 24 * 60, 0, -1)))
    whole_from = instant_of(NOW - timedelta(hours=30))
    keep = retention(commits, (), now=NOW, days=7, whole_from=whole_from)
    assert keep.savepoints and min(keep.savepoints)[0] >= whole_from


def test_a_savepoint_goes_when_the_state_after_it_is_older_than_the_days():
    old = instants(timedelta(days=8), timedelta(days=7, hours=1), timedelta(days=6))
    commits = [*old, *instants(timedelta(hours=1))]
    keep = retention(commits, old, now=NOW, days=7)
    assert keep.outdated == (old[0],)
