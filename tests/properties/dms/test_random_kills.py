"""Killed at any step, any number of times: Bronze replayed is the source, repeats are exact."""

import uuid
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakehouse.dms.task import ReplicationTask
from tests.properties.dms.everything import execute

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

KEYS = [str(uuid.UUID(int=n)) for n in range(1, 5)]
# A transaction is a list of (key, new quantity); None deletes the row.
transactions = st.lists(
    st.tuples(st.sampled_from(KEYS), st.none() | st.integers(0, 99)), min_size=1, max_size=5
)
# What happens before a run, and at which of its steps it is killed (beyond the last: not at all).
rounds = st.lists(
    st.tuples(st.lists(transactions, max_size=3), st.integers(1, 12)), min_size=1, max_size=6
)


class KilledError(BaseException):
    """Nothing in the task may handle this; what it does afterwards a killed process would not."""


def killer(fatal_step: int):
    """A checkpoint that raises at its fatal_step-th call."""
    steps = iter(range(1, 10_000))

    def checkpoint(_: str) -> None:
        if next(steps) == fatal_step:
            raise KilledError

    return checkpoint


def apply(dsn: str, changes) -> None:
    statements = []
    for key, quantity in changes:
        if quantity is None:
            statements.append(("delete from core_everything where id = %s", (key,)))
        else:
            statements.append(
                (
                    "insert into core_everything (id, tenant_id, quantity) values (%s, %s, %s) "
                    "on conflict (id) do update set quantity = excluded.quantity",
                    (key, key, quantity),
                )
            )
    execute(dsn, *statements)


def bronze_rows(bronze: Path) -> list[dict]:
    files = [p for p in bronze.rglob("*.parquet") if not p.name.startswith(".")]
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def replayed(rows: list[dict]) -> dict[str, int]:
    """Current quantity by id: the last change by sequence wins."""
    state = {}
    for row in sorted(rows, key=lambda r: r["dms_change_seq"]):
        state[row["id"]] = None if row["Op"] == "D" else row["quantity"]
    return {key: quantity for key, quantity in state.items() if quantity is not None}


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(transactions, rounds)
def test_no_kill_loses_or_reorders_a_change(everything_dsn, everything, first, plan):
    execute(everything_dsn, "delete from core_everything")
    apply(everything_dsn, first)
    slot = f"kills_{uuid.uuid4().hex[:12]}"
    with TemporaryDirectory() as folder:
        bronze = Path(folder) / "bronze"

        def task(fatal_step: int = 10_000) -> ReplicationTask:
            return ReplicationTask(
                dsn=everything_dsn,
                bronze=bronze,
                state_dir=Path(folder) / "dms",
                contracts=everything,
                slot=slot,
                checkpoint=killer(fatal_step),
            )

        try:
            for changes, fatal_step in plan:
                for change in changes:
                    apply(everything_dsn, change)
                victim = task(fatal_step)
                with suppress(KilledError):
                    victim.catch_up() if victim.is_started() else victim.full_load()
            if not task().is_started():
                task().full_load()
            task().catch_up()
        finally:
            task().drop()
        rows = bronze_rows(bronze)

    source = execute(everything_dsn, "select id::text, quantity from core_everything")
    assert replayed(rows) == dict(source)
    changes = [r for r in rows if r["dms_change_seq"]]
    by_sequence = {r["dms_change_seq"]: r for r in changes}
    assert all(by_sequence[r["dms_change_seq"]] == r for r in changes)
    assert {int(s[16:]) for s in by_sequence} == set(range(1, len(by_sequence) + 1))
