"""The ledger: every file is read at least once, whatever arrives when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_bronze_to_silver.bronze_files import (
    CDC_NAME,
    LOAD_NAME,
    OPEN_FOLDERS,
    BronzeFile,
    Ledger,
)

names = st.one_of(
    st.integers(1, 40).map(lambda n: f"LOAD{n:08X}.parquet"),
    st.tuples(st.integers(1, 9), st.integers(0, 5)).map(
        lambda t: f"2026/01/{t[0]:02d}/202601{t[0]:02d}-{t[1]:09d}.parquet"
    ),
)
files = st.builds(BronzeFile, names, st.integers(1, 3), st.integers(1, 2))


def by_name(listing):
    return sorted({f.name: f for f in listing}.values())


@given(st.lists(st.lists(files, max_size=6), max_size=6), st.randoms())
def test_every_version_of_a_file_is_read_and_nothing_is_read_without_need(arrivals, order):
    present: dict[str, BronzeFile] = {}
    ledger, read = Ledger.from_json(None), set()
    for batch in arrivals:
        present |= {f.name: f for f in batch}
        listing = list(present.values())
        order.shuffle(listing)
        unread = ledger.unread(listing)
        read |= set(unread)
        assert set(listing) <= read
        ledger = Ledger.from_json(Ledger.of(listing).to_json())
        assert ledger.unread(listing) == []


@given(st.lists(files, max_size=30))
def test_a_ledger_survives_its_own_text(listing):
    ledger = Ledger.of(by_name(listing))
    assert Ledger.from_json(ledger.to_json()) == ledger


@given(st.lists(files, min_size=1, max_size=30), st.randoms())
def test_what_is_unread_does_not_depend_on_the_order_of_the_listing(listing, order):
    listing = by_name(listing)
    ledger = Ledger.of(listing[: len(listing) // 2])
    shuffled = listing[:]
    order.shuffle(shuffled)
    assert ledger.unread(shuffled) == ledger.unread(listing)


def test_single_files_are_kept_for_the_full_load_and_the_newest_days_only():
    days = [BronzeFile(f"2026/01/{d:02d}/x", 1, 1) for d in range(1, 10)]
    ledger = Ledger.of([BronzeFile("LOAD00000001.parquet", 1, 1), *days])
    assert len(ledger.files) == 1 + OPEN_FOLDERS
    assert len(ledger.digests) == 10


@pytest.mark.parametrize("suffix", ["parquet", "csv.gz"])
def test_a_file_costs_a_commit_thirteen_bytes_however_long_its_name_is(suffix):
    name = f"2026/01/02/20260102-{{:09d}}.{suffix}"
    one, many = (
        len(Ledger.of(BronzeFile(name.format(n), 4096, n) for n in range(count)).to_json())
        for count in (1, 1001)
    )
    assert many - one == 13 * 1000


def test_after_a_ledger_of_an_older_form_all_is_read_again():
    load = BronzeFile("LOAD00000001.parquet", 1, 1)
    older = '{"digests": {"": "0123456789abcdef"}, "names": {"": ["LOAD00000001.parquet:1:1"]}}'
    assert Ledger.from_json(older).unread([load]) == [load]


def test_the_folders_written_last_stay_open_whatever_form_their_dates_have():
    days = [BronzeFile(f"{d:02d}-{m:02d}-2026/x", 1, m * 40 + d) for m in (1, 2) for d in (1, 31)]
    assert set(Ledger.of(days).files) == {"31-01-2026", "01-02-2026", "31-02-2026"}


@pytest.mark.parametrize("suffix", ["parquet", "csv", "csv.gz"])
@pytest.mark.parametrize(
    "folder",
    [
        "",
        *("2026/01/02/", "2026-01-02/", "2026_01_02/", "20260102/"),  # YYYYMMDD
        *("2026/01/02/03/", "2026-01-02-03/", "2026_01_02_03/", "2026010203/"),  # YYYYMMDDHH
        *("2026/01/", "2026-01/", "202601/", "01/2026/02/", "02/01/2026/", "01202602/"),
    ],
)
def test_every_form_of_date_folder_is_found(folder, suffix):
    assert CDC_NAME.match(f"{folder}20260102-013830913.{suffix}")


def test_names_as_dms_gives_them():
    assert LOAD_NAME.match("LOAD00000001.csv.gz")
    assert LOAD_NAME.match("segment/LOAD00000001.parquet")
    assert LOAD_NAME.match("SEGMENT1_LOAD00000001.csv")
    assert not LOAD_NAME.match(".hidden/LOAD00000001.parquet")
    assert not LOAD_NAME.match("LOAD00000001.csv.gz.tmp")
    assert not CDC_NAME.match("_temporary/20260102-013830913.parquet")
    assert LOAD_NAME.match("LOAD0000000A.parquet")
    assert CDC_NAME.match("2026/01/02/20260102-013830913.parquet")
    assert CDC_NAME.match("2026/01/02/20260102-1134010000.parquet")
    assert not LOAD_NAME.match("_LOAD00000001.parquet")
    assert not CDC_NAME.match("2026/01/02/.20260102-013830913.parquet")
