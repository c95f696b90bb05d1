"""The change sequence: 35 digits that grow with every change."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lakehouse.dms.change_seq import POSTGRES_EPOCH, ChangeSequence, commit_time

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
transactions = st.lists(st.tuples(moments, st.integers(0, 4)), max_size=20)


def sequences(clock, plan):
    made = []
    for moment, changes in plan:
        clock.begin(moment)
        made += [clock.next() for _ in range(changes)]
    return made


@given(transactions)
def test_sequences_grow_even_when_the_servers_clock_steps_back(plan):
    made = sequences(ChangeSequence(), plan)
    assert all(len(s) == 35 and s.isdigit() for s in made)
    assert made == sorted(set(made))
    assert all(s > "0" * 35 for s in made)


@given(transactions, transactions)
def test_a_restored_sequence_goes_on_as_if_it_had_not_stopped(before, after):
    whole = ChangeSequence()
    expected = sequences(whole, before + after)

    first = ChangeSequence()
    made = sequences(first, before)
    made += sequences(ChangeSequence(first.time_part, first.counter), after)

    assert made == expected


def test_the_form_that_dms_documents():
    clock = ChangeSequence()
    clock.begin(datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC))
    assert clock.next() == "2026010203040567" + "0000000000000000001"


@given(moments)
def test_commit_times_are_microseconds_since_2000(moment):
    assert commit_time((moment - POSTGRES_EPOCH) // timedelta(microseconds=1)) == moment
