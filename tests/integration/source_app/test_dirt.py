"""Dirt in the database: counted by queries, exactly."""

from dataclasses import fields, replace

import pytest
from core.seeding import DIRTS, SCALES, Dirt, SeedPlan, seed_database
from core.seeding.dirt.soiling import KINDS
from core.seeding.verify import survey
from django.db import connection

pytestmark = pytest.mark.postgres

ALL_OVER = Dirt(**{field.name: 0.1 for field in fields(Dirt)})


def counted(plan: SeedPlan) -> dict[str, int]:
    """Rows of each kind of dirt that there are, by the kinds' own queries."""
    with connection.cursor() as cursor:
        found = survey(cursor, plan.history)
    return {kind.name: found[kind.name] for kind in KINDS if found[kind.name]}


@pytest.fixture
def plan(tiny_plan) -> SeedPlan:
    return replace(tiny_plan, volumes=replace(SCALES["small"], subscriptions=250), seed=3)


def test_clean_data_has_none(orm, plan):
    assert seed_database(plan).dirt == counted(plan) == {}


@pytest.mark.parametrize("dirt", [DIRTS["realistic"], ALL_OVER], ids=["realistic", "a tenth"])
def test_queries_find_exactly_the_dirt_that_was_made(orm, plan, dirt):
    report = seed_database(replace(plan, dirt=dirt))
    assert counted(plan) == report.dirt
    assert report.rows == plan.volumes.by_table()
    if dirt is ALL_OVER:
        assert set(report.dirt) == {kind.name for kind in KINDS}
        assert report.dirt["duplicate_email"] == pytest.approx(50, abs=5)
        assert report.dirt["order_total_mismatch"] == pytest.approx(150, abs=5)
