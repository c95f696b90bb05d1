"""Positions in the log, and names of files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakehouse.dms.source import end_of_last_record, format_lsn, parse_lsn
from lakehouse.dms.writer import hidden_path, shown_path

SEGMENT = 16 << 20


@given(st.integers(0, 2**64 - 1))
def test_a_position_survives_its_text(lsn):
    assert parse_lsn(format_lsn(lsn)) == lsn


@pytest.mark.parametrize(
    ("next_record", "end"),
    [
        (SEGMENT + 8192 + 24, SEGMENT + 8192),
        (SEGMENT + 40, SEGMENT),
        # The tail of a record that began on the page before; its end must not be moved.
        (SEGMENT + 8192 + 32, SEGMENT + 8192 + 32),
        (SEGMENT + 8192 + 40, SEGMENT + 8192 + 40),
        (SEGMENT + 8192, SEGMENT + 8192),
        (SEGMENT + 48, SEGMENT + 48),
    ],
)
def test_the_last_record_ends_before_a_page_header(next_record, end):
    assert end_of_last_record(next_record, SEGMENT) == end


def test_a_hidden_name_leads_back_to_the_name(tmp_path):
    path = tmp_path / "LOAD00000001.parquet"
    assert hidden_path(path).name.startswith(".") and shown_path(hidden_path(path)) == path
