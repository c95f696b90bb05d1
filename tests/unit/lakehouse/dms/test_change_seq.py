"""The change sequence: 35 digits that grow with every change."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from lakehouse.dms.change_seq import change_sequences, commit_times, time_parts

EPOCH = datetime(2000, 1, 1)
moments = st.datetimes(EPOCH, datetime(2100, 1, 1))


def since_2000(moments):
    return np.array([(m - EPOCH) // timedelta(microseconds=1) for m in moments], np.int64)


def parts(moments, after=0):
    return time_parts(commit_times(since_2000(moments)), after).tolist()


@given(st.lists(moments))
def test_commit_times_are_microseconds_since_2000(given_moments):
    assert commit_times(since_2000(given_moments)).to_pylist() == given_moments


@given(moments)
def test_a_time_part_is_the_commit_time_to_the_hundredth(moment):
    hundredths = moment.microsecond // 10_000
    assert parts([moment]) == [int(f"{moment:%Y%m%d%H%M%S}{hundredths:02d}")]


@given(st.lists(moments, max_size=20))
def test_sequences_grow_even_when_the_servers_clock_steps_back(given_moments):
    made = parts(given_moments)
    assert made == sorted(made)
    assert all(
        part >= own for part, (own,) in zip(made, map(parts, zip(given_moments)), strict=True)
    )


@given(st.lists(moments, max_size=9), st.lists(moments, max_size=9))
def test_restored_time_parts_go_on_as_if_they_had_not_stopped(before, after):
    first = parts(before)
    assert first + parts(after, first[-1] if first else 0) == parts(before + after)


@given(st.lists(st.tuples(moments, st.integers(0, 2**62)), min_size=1, max_size=9))
def test_a_sequence_has_35_digits(plan):
    moments, counters = zip(*plan, strict=True)
    made = change_sequences(pa.array(parts(moments)), pa.array(counters, pa.int64())).to_pylist()
    assert all(len(s) == 35 and s.isdigit() for s in made)


def test_the_form_that_dms_documents():
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC).replace(tzinfo=None)
    made = change_sequences(pa.array(parts([moment])), pa.array([1]))
    assert made.to_pylist() == ["2026010203040567" + "0000000000000000001"]
