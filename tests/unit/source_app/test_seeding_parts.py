"""The small parts of seeding: shares, shelves, timelines, dates, COPY text."""

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest
from core.seeding.ahead import AHEAD, made_ahead
from core.seeding.copy_writer import copy_line
from core.seeding.draw import Chance, Sampling, Shelf, Weights, deck, money, split
from core.seeding.invoices import add_months
from core.seeding.rows import TenantRow
from core.seeding.timeline import Timeline
from hypothesis import given
from hypothesis import strategies as st

START, END = date(2026, 1, 1), date(2026, 6, 30)
MORNING = datetime(2026, 1, 1, tzinfo=UTC)


class Thing(NamedTuple):
    created_at: datetime


@given(
    total=st.integers(0, 10_000),
    weights=st.lists(st.floats(0.01, 100), min_size=1, max_size=20),
    minimum=st.integers(0, 3),
)
def test_parts_add_up_and_have_their_minimum(total, weights, minimum):
    total += minimum * len(weights)
    parts = split(total, weights, minimum=minimum)
    assert sum(parts) == total
    assert min(parts) >= minimum


def test_a_deck_holds_the_shares_exactly():
    cards = deck(Chance(1), 200, {"a": 80, "b": 15, "c": 5})
    assert (cards.count("a"), cards.count("b"), cards.count("c")) == (160, 30, 10)


@given(st.lists(st.integers(0, 1000), min_size=1), st.integers(0, 1000), st.integers())
def test_a_shelf_gives_only_what_existed_unless_nothing_did(minutes, now, seed):
    things = [Thing(MORNING + timedelta(minutes=minute)) for minute in minutes]
    at = MORNING + timedelta(minutes=now)
    picked = Shelf(things, [1.0] * len(things)).pick(Chance(seed), at)
    assert picked.created_at <= max(at, min(things).created_at)


@given(st.integers(0, 178), st.integers(0, 86_399), st.integers())
def test_a_moment_is_later_than_asked_and_within_the_history(day, second, seed):
    after = MORNING + timedelta(days=day, seconds=second)
    moment = Timeline(START, END).moment(Chance(seed), after)
    assert after < moment < datetime(2026, 6, 30, tzinfo=UTC)


def test_a_month_later_is_the_same_day_or_the_last():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 15), 2) == date(2027, 1, 15)
    assert add_months(date(2026, 5, 31), 0) == date(2026, 5, 31)


def test_copy_text_escapes_what_copy_would_read_otherwise():
    row = TenantRow(
        id=Chance(1).uuid(),
        name="tab\there, back\\slash",
        slug="line\nend",
        domain=None,
        created_at=MORNING,
        updated_at=MORNING,
        is_active=True,
        settings={"note": 'a "quote"\n'},
    )
    fields = copy_line(row).removesuffix("\n").split("\t")
    assert fields[1:] == [
        "tab\\there, back\\\\slash",
        "line\\nend",
        "\\N",
        "2026-01-01T00:00:00+00:00",
        "2026-01-01T00:00:00+00:00",
        "t",
        '{"note": "a \\\\"quote\\\\"\\\\n"}',
    ]


def test_cents_become_an_amount_with_two_decimals():
    assert str(money(1990)) == "19.90"


@given(st.integers(0, 60), st.integers(0, 60), st.integers())
def test_a_sample_has_exactly_what_is_wanted(wanted, total, seed):
    sampling = Sampling(Chance(seed), wanted=wanted, total=total)
    assert sum(sampling.takes() for _ in range(total)) == min(wanted, total)


def test_weights_are_drawn_as_often_as_they_say():
    chance, weights = Chance(1), Weights({"often": 3, "never": 0, "seldom": 1})
    drawn = Counter(chance.one_of(weights) for _ in range(4000))
    assert set(drawn) == {"often", "seldom"}
    assert abs(drawn["often"] / 4000 - weights.share("often")) < 0.03


@given(total=st.integers(0, 5000), day=st.integers(0, 100))
def test_a_volume_spread_over_days_adds_up_and_begins_on_the_day_asked(total, day):
    spread = Timeline(START, END).days(total, MORNING + timedelta(days=day))
    assert spread[0][0] == START + timedelta(days=day)
    assert spread[-1][0] == END - timedelta(days=1)
    assert sum(count for _, count in spread) == total


def test_things_made_ahead_come_in_order_and_not_too_early():
    made = []

    def things():
        for number in range(50):
            made.append(number)
            yield number

    with made_ahead(things()) as line:
        first = next(line)
        assert (first, len(made) <= AHEAD + 3) == (0, True)
        assert [first, *line] == list(range(50))


def test_an_error_of_the_maker_is_raised_where_its_things_are_used():
    def things():
        yield 1
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"), made_ahead(things()) as line:
        list(line)


def test_a_user_that_gives_up_ends_the_maker():
    before = threading.active_count()
    with pytest.raises(KeyError), made_ahead(iter(range(10_000))) as line:
        next(line)
        raise KeyError
    assert threading.active_count() == before
