"""Positions in the log, and names of files."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakehouse.dms.source import end_of_last_record, format_lsn, parse_lsn
from lakehouse.dms.writer import free_cdc_path, hidden_path, load_file_name, shown_path

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


def test_load_files_count_in_eight_hexadecimal_digits():
    assert [load_file_name(n) for n in (1, 10, 255)] == [
        "LOAD00000001.parquet",
        "LOAD0000000A.parquet",
        "LOAD000000FF.parquet",
    ]


def test_a_taken_name_is_followed_by_the_next_millisecond(tmp_path):
    now = datetime(2026, 1, 2, 23, 59, 59, 999_000, tzinfo=UTC)
    first = free_cdc_path(tmp_path, date(2026, 1, 2), now)
    first.parent.mkdir(parents=True)
    first.touch()
    second = free_cdc_path(tmp_path, date(2026, 1, 2), now)
    assert str(first.relative_to(tmp_path)) == "2026/01/02/20260102-235959999.parquet"
    assert str(second.relative_to(tmp_path)) == "2026/01/02/20260103-000000000.parquet"


def test_a_hidden_name_leads_back_to_the_name(tmp_path):
    path = tmp_path / "LOAD00000001.parquet"
    assert hidden_path(path).name.startswith(".") and shown_path(hidden_path(path)) == path
