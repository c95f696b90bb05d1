"""Dirt as a pure function: what it changes, how often, and what it leaves alone."""

import re
from collections import Counter
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from core.seeding import DIRTS, Dirt, SeedPlan, Volumes, generate
from core.seeding.dirt.soiling import KINDS
from core.seeding.draw import Chance, Picks
from core.seeding.plan import DEFAULT_DIRT
from core.seeding.rows import TABLES
from hypothesis import given
from hypothesis import strategies as st

REPOSITORY = Path(__file__).resolve().parents[3]


def rows_and_dirt(plan: SeedPlan) -> tuple[dict[str, list], Counter]:
    made: Counter = Counter()
    rows = {table: [] for table in TABLES}
    for table, batch in generate(plan, made):
        rows[table].extend(batch)
    return rows, made


@pytest.fixture(scope="module")
def dirty(small_plan):
    return rows_and_dirt(replace(small_plan, dirt=DIRTS["realistic"]))


@pytest.fixture(scope="module")
def tiny() -> SeedPlan:
    volumes = Volumes(
        tenants=2,
        customers=80,
        products=40,
        orders=100,
        items=180,
        events=1_000,
        subscriptions=40,
        invoices=250,
    )
    return SeedPlan(volumes, 5, date(2026, 1, 1), date(2026, 5, 1))


def test_there_is_no_dirt_unless_it_is_asked_for(small_plan):
    assert small_plan.dirt == DEFAULT_DIRT
    assert rows_and_dirt(replace(small_plan, dirt=Dirt()))[1] == {}


def test_every_share_has_a_kind_and_every_kind_a_share():
    assert sorted(kind.name for kind in KINDS) == sorted(field.name for field in fields(Dirt))


def test_the_same_plan_gives_the_same_dirt(small_plan, dirty):
    assert rows_and_dirt(replace(small_plan, dirt=DIRTS["realistic"])) == dirty


def test_rows_without_dirt_are_as_without_any_and_each_dirty_row_is_counted(small, dirty):
    rows, made = dirty
    tables = {kind.name: kind.table for kind in KINDS}
    for table, clean in small.items():
        changed = [pair for pair in zip(clean, rows[table], strict=True) if pair[0] != pair[1]]
        assert len(changed) == sum(made[name] for name in tables if tables[name] == table)
        assert all(before.id == after.id for before, after in changed)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_alone_falls_on_its_share_of_the_rows_that_can_have_it(tiny, kind):
    """At most one more or less in each of the two tenants; it changes rows of its table only."""
    share, clean = 0.25, rows_and_dirt(tiny)[0]
    rows, made = rows_and_dirt(replace(tiny, dirt=Dirt(**{kind.name: share})))
    changed = {t: sum(a != b for a, b in zip(clean[t], rows[t], strict=True)) for t in TABLES}
    assert changed == {**dict.fromkeys(TABLES, 0), kind.table: made[kind.name]}
    everything = rows_and_dirt(replace(tiny, dirt=Dirt(**{kind.name: 1.0})))[1][kind.name]
    assert everything > 3
    assert abs(made[kind.name] - share * everything) <= tiny.volumes.tenants


def test_a_second_account_is_of_a_person_who_was_there_before(small, dirty):
    clean = {row.id: row for row in small["core_customer"]}
    seen = {}
    for row in dirty[0]["core_customer"]:
        key = (row.tenant_id, row.email.strip().lower())
        if row.email != clean[row.id].email and key in seen:
            first = seen[key]
            assert (first.first_name, first.last_name) == (row.first_name, row.last_name)
            assert row.email != first.email
        seen.setdefault(key, row)
    assert len(clean) - len(seen) == dirty[1]["duplicate_email"] > 0


@given(share=st.floats(0.001, 1), count=st.integers(0, 3000), seed=st.integers())
def test_picks_are_a_share_of_the_stream_to_one(share, count, seed):
    picks, taken = Picks(Chance(seed), share), 0
    for _ in range(count):
        if picks.is_next():
            picks.take()
            taken += 1
    assert abs(taken - count * share) <= 1.001


def test_what_was_refused_is_picked_later():
    picks, taken = Picks(Chance(3), 0.5), 0
    for number in range(100):
        if picks.is_next() and number >= 50:
            picks.take()
            taken += 1
    assert taken in {49, 50, 51}


def test_the_document_lists_every_kind_with_its_share_and_issue():
    text = (REPOSITORY / "docs" / "DATA_GENERATION.md").read_text()
    listed = dict(re.findall(r"^\| `(\w+)` \| ([\d.]+) % \|", text, flags=re.M))
    assert {name: float(share) for name, share in listed.items()} == {
        kind.name: pytest.approx(getattr(DIRTS["realistic"], kind.name) * 100) for kind in KINDS
    }
    for kind in KINDS:
        (line,) = re.findall(rf"^\| `{kind.name}` \|.*$", text, flags=re.M)
        assert not kind.issue or line.endswith(f"| `{kind.issue}` |")
