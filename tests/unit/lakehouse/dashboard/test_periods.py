"""Which rows belong to a reporting date."""

import calendar
from datetime import date, timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lakehouse.dashboard import periods

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
FIRSTS = DAYS.map(lambda day: day.replace(day=1))


@given(FIRSTS, DAYS, DAYS)
def test_a_month_is_shown_when_its_row_says_nothing_of_later_days(month, as_of, last_day):
    as_of = min(as_of, last_day)
    shown = periods.is_shown(month, as_of, last_day)
    number = calendar.monthrange(month.year, month.month)[1]
    days = {month + timedelta(days=n) for n in range(number)}
    known = {day for day in days if day <= last_day}
    assert shown == (bool(known) and all(day <= as_of for day in known))


@given(st.lists(DAYS, unique=True), DAYS, st.integers(1, 400))
def test_days_are_those_of_the_window(days, as_of, length):
    frame = pd.DataFrame({"dt": days}, dtype=object)
    kept = set(periods.days_until(frame, as_of, length)["dt"]) if days else set()
    assert kept == {day for day in days if as_of - timedelta(days=length) < day <= as_of}


@given(DAYS)
def test_the_same_day_of_the_month_before_is_in_it(day):
    before = periods.same_day_month_before(day)
    first = day.replace(day=1)
    assert before < first
    assert (before.year, before.month) == (
        (first - timedelta(days=1)).year,
        (day.month - 2) % 12 + 1,
    )
    assert before.day == day.day or before == first - timedelta(days=1)


@given(FIRSTS, st.integers(-60, 60))
def test_months_are_counted_forth_and_back(month, number):
    assert periods.months_later(periods.months_later(month, number), -number) == month
