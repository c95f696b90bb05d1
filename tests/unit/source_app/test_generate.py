"""Seeding as a pure function: what a plan's rows are."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from core.errors import PlanError
from core.seeding import SCALES, SeedPlan, Volumes, generate
from core.seeding.copy_writer import copy_line
from core.seeding.rows import TABLES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

REPOSITORY = Path(__file__).resolve().parents[3]
TINY = Volumes(
    tenants=2,
    customers=12,
    products=6,
    orders=20,
    items=45,
    events=60,
    subscriptions=5,
    invoices=15,
)
SMALL_ROWS = (5, 500, 250, 1_500, 4_500, 10_000, 100, 500)

CHECKSUM_SCRIPT = """
import hashlib, sys
from datetime import date
sys.path.insert(0, "source_app")
from core.seeding.plan import SCALES, SeedPlan
from core.seeding.generate import generate
from core.seeding.copy_writer import copy_line
digest = hashlib.sha256()
for _, rows in generate(SeedPlan(SCALES["small"], 42, date(2026, 1, 1), date(2026, 6, 30))):
    digest.update("".join(map(copy_line, rows)).encode())
print(digest.hexdigest())
"""


def tiny(seed: int = 1) -> SeedPlan:
    return SeedPlan(TINY, seed, date(2026, 1, 1), date(2026, 3, 1))


def rows_of(plan: SeedPlan) -> dict[str, list]:
    rows = {table: [] for table in TABLES}
    for table, batch in generate(plan):
        rows[table].extend(batch)
    return rows


def test_the_same_plan_gives_the_same_rows():
    assert rows_of(tiny()) == rows_of(tiny())


def test_another_seed_gives_other_rows_in_every_table():
    first, second = rows_of(tiny(1)), rows_of(tiny(2))
    assert all(first[table] != second[table] for table in TABLES)


def test_another_process_with_other_hashing_gives_the_same_bytes(small, small_plan):
    here = hashlib.sha256()
    for _, rows in generate(small_plan):
        here.update("".join(map(copy_line, rows)).encode())
    there = subprocess.run(
        [sys.executable, "-c", CHECKSUM_SCRIPT],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == here.hexdigest()


def test_more_events_leave_the_other_tables_as_they_were():
    more = replace(tiny(), volumes=replace(TINY, events=200))
    before, after = rows_of(tiny()), rows_of(more)
    assert [table for table in TABLES if before[table] != after[table]] == ["core_event"]


def test_scale_small_has_exactly_its_volumes(small):
    assert tuple(len(rows) for rows in small.values()) == SMALL_ROWS


def test_rows_have_the_columns_of_their_model():
    from django.apps import apps

    for table, row in TABLES.items():
        model = apps.get_model("core", table.removeprefix("core_"))
        assert row._fields == tuple(field.column for field in model._meta.local_fields)


volumes = st.builds(
    Volumes,
    tenants=st.integers(1, 7),
    customers=st.integers(20, 60),
    products=st.integers(7, 30),
    orders=st.integers(1, 40),
    items=st.integers(40, 120),
    events=st.integers(0, 150),
    subscriptions=st.integers(0, 10),
    invoices=st.integers(0, 60),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(volumes=volumes, seed=st.integers(0, 10**6), days=st.integers(30, 366))
def test_any_plan_gives_its_volumes_within_its_dates_and_tenants(volumes, seed, days):
    plan = SeedPlan(volumes, seed, date(2025, 2, 3), date(2025, 2, 3) + timedelta(days=days))
    rows = rows_of(plan)
    assert [len(found) for found in rows.values()] == list(vars(volumes).values())
    for table in list(TABLES)[1:]:
        assert_references_stay_in_the_tenant(rows, table)
    for row in (row for found in rows.values() for row in found):
        assert plan.history.opens_at <= row.created_at < plan.history.closes_at
        assert row.created_at <= getattr(row, "updated_at", row.created_at) < plan.history.closes_at


def assert_references_stay_in_the_tenant(rows: dict[str, list], table: str) -> None:
    parents = {row.id: row for found in rows.values() for row in found}
    for row in rows[table]:
        for column in set(row._fields) & {"customer_id", "order_id", "product_id"}:
            if (key := getattr(row, column)) is not None:
                assert parents[key].tenant_id == row.tenant_id
                assert parents[key].created_at <= row.created_at


@pytest.mark.parametrize(
    "change",
    [
        {"tenants": 0},
        {"tenants": 21},
        {"customers": 3},
        {"products": 1},
        {"items": 19},
        {"subscriptions": 7},
        {"invoices": -1},
    ],
)
def test_contradicting_volumes_are_refused(change):
    with pytest.raises(PlanError, match="nothing was seeded"):
        replace(tiny(), volumes=replace(TINY, **change))


def test_a_history_shorter_than_a_month_is_refused():
    with pytest.raises(PlanError, match="30 days"):
        SeedPlan(SCALES["small"], 1, date(2026, 1, 1), date(2026, 1, 30))
