"""Changes, reloads, lost slots, kills in any order: Silver's reading of Bronze is the source."""

import os
import uuid
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakehouse.dms.errors import TaskStateError
from lakehouse.dms.load_start import later_than, load_start
from lakehouse.dms.task import ReplicationTask
from tests.fakes.silver_rule import silver
from tests.properties.dms.everything import execute
from tests.properties.dms.test_random_kills import (
    KilledError,
    apply,
    bronze_rows,
    killer,
    transactions,
)

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

EXAMPLES = int(os.environ.get("LAKEHOUSE_EXAMPLES", "25"))
UNHARMED = 10_000
# What happens between two looks at Bronze. A step with a number is killed at that checkpoint.
steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), transactions),
        st.tuples(st.just("catch_up"), st.integers(1, 12)),
        st.tuples(st.just("reload"), st.integers(1, 6)),
        st.tuples(st.just("reload"), st.just(UNHARMED)),
        # The row is changed between the load's start and its snapshot.
        st.tuples(st.just("reload during"), transactions),
        # The server's clock steps back by an hour after the load's start.
        st.tuples(st.just("reload ahead"), st.none()),
        st.tuples(st.just("lose slot"), st.none()),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(transactions, steps)
def test_the_last_state_wins_whatever_happens_around_a_reload(
    everything_dsn, everything, first, plan
):
    execute(everything_dsn, "delete from core_everything")
    apply(everything_dsn, first)
    slot = f"reloads_{uuid.uuid4().hex[:12]}"
    with TemporaryDirectory() as folder:
        bronze = Path(folder) / "bronze"

        def task(fatal_step: int = UNHARMED) -> ReplicationTask:
            return ReplicationTask(
                dsn=everything_dsn,
                bronze=bronze,
                state_dir=Path(folder) / "dms",
                contracts=everything,
                slot=slot,
                checkpoint=killer(fatal_step),
            )

        ever_seen = []
        try:
            task().full_load()
            for step, argument in plan:
                with suppress(KilledError, TaskStateError):
                    perform(task, step, argument, everything_dsn, slot)
                ever_seen += bronze_rows(bronze)
            finish(task)
            rows, started = bronze_rows(bronze), task().load_started()
        finally:
            task().drop()

    live = silver(rows, started, "everything")
    source = execute(everything_dsn, "select id::text, quantity from core_everything")
    assert {key: row["quantity"] for key, row in live.items()} == dict(source)
    # Nothing hangs on whether a reload's files replace those of the load before.
    assert silver([*rows, *ever_seen], started, "everything") == live


def perform(task, step, argument, dsn, slot):
    if step == "change":
        apply(dsn, argument)
    elif step == "catch_up":
        task(argument).catch_up()
    elif step == "reload":
        task(argument).reload()
    elif step == "reload during":
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("lakehouse.dms.load_task.load_start", changed_after(dsn, argument))
            task().reload()
    elif step == "reload ahead":
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("lakehouse.dms.load_start.later_than", an_hour_ahead)
            task().reload()
    else:
        execute(
            dsn,
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots "
            f"where slot_name = '{slot}'",
        )


def an_hour_ahead(last_time_part, now):
    return later_than(last_time_part, now + timedelta(hours=1))


def changed_after(dsn, change):
    """The load's start, after which the source changes before its snapshot is made."""

    def start(*arguments):
        started = load_start(*arguments)
        apply(dsn, change)
        return started

    return start


def finish(task):
    """Bring everything to Bronze; a slot that was lost on the way takes a reload."""
    try:
        task().catch_up()
    except TaskStateError:
        task().reload()
        task().catch_up()
