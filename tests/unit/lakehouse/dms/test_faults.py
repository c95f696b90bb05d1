"""What each fault makes of a batch or of files."""

import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lakehouse.dms.bronze_types import bronze_schema
from lakehouse.dms.cdc_files import CdcFiles
from lakehouse.dms.errors import SettingsError
from lakehouse.dms.faults import FAULTS, FaultyDelivery, parse_faults, release_late, skewed
from tests.fakes.bronze import bronze_row
from tests.unit.lakehouse.dms.conftest import new_bronze

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def batch_of(contract, *changes):
    """Rows of (Op, values); each with the sequence of its place and a commit time of its own."""
    rows = [
        bronze_row(contract, op, place, **{"dms_committed_at": f"2026-01-02 03:04:0{place}", **row})
        for place, (op, row) in enumerate(changes, start=1)
    ]
    return pa.Table.from_pylist(rows, bronze_schema(contract)).combine_chunks().to_batches()[0]


@pytest.fixture
def write(contracts, bronze):
    """Write changes of tenants through the faults; returns the files that are there then."""
    target = new_bronze(bronze, contracts)

    def written(*faults, changes=(("I", {}), ("U", {}), ("D", {})), seed=0, now=NOON):
        files = CdcFiles(FaultyDelivery(parse_faults(faults), seed))
        batch = batch_of(contracts["tenant"], *changes)
        files.add([(contracts["tenant"], "2026/01/02", batch)])
        clock = skewed(lambda: now, parse_faults(faults))
        files.write(target, clock, lambda: None)
        return sorted(bronze.rglob("[!.]*.parquet"))

    return written


def rows(files):
    found = [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
    return sorted(found, key=lambda row: row["dms_change_seq"])


def test_without_faults_there_is_one_file(write):
    (file,) = write()
    assert file.name == "20260102-120000000.parquet"
    assert [r["Op"] for r in rows([file])] == ["I", "U", "D"]


def test_ties_give_every_change_one_commit_time_and_keep_the_order(write):
    found = rows(write("ties"))
    assert {r["dms_committed_at"] for r in found} == {"2026-01-02 03:04:03"}
    assert [r["Op"] for r in found] == ["I", "U", "D"]


def test_a_late_file_arrives_with_the_next_flush_under_its_older_name(write):
    assert write("late") == []
    files = write(now=NOON.replace(hour=13))
    assert [f.name for f in files] == ["20260102-120000000.parquet", "20260102-130000000.parquet"]


def test_a_late_file_is_late_by_one_flush_and_can_be_released(write, bronze):
    assert write("late") == []
    assert [f.name for f in write("late", now=NOON.replace(hour=13))] == [
        "20260102-120000000.parquet"
    ]
    assert [f.name for f in release_late(bronze)] == ["20260102-130000000.parquet"]
    assert release_late(bronze) == []


def test_a_late_file_never_replaces_another(write, bronze):
    write("late")
    write("late")
    release_late(bronze)
    names = [f.name for f in sorted(bronze.rglob("[!.]*.parquet"))]
    assert names == ["20260102-120000000.parquet", "20260102-120000001.parquet"]


def test_a_duplicate_is_an_exact_copy(write):
    first, second = write("duplicate")
    assert first.read_bytes() == second.read_bytes()


def test_reordered_files_hold_the_changes_in_another_order_than_their_names(write):
    orders = set()
    for seed in range(12):
        files = write("reorder:3", seed=seed)
        orders.add(tuple(r["Op"] for f in files for r in pq.ParquetFile(f).read().to_pylist()))
        assert [r["Op"] for r in rows(files)] == ["I", "U", "D"]
        for file in files:
            file.unlink()
    assert len(orders) > 2


def test_a_schema_changes_in_the_midst_of_a_batch(write):
    files = write("schema-change:1")
    assert len(files) == 2
    assert all("added_meanwhile" in pq.read_schema(f).names for f in files)
    for seed in range(20):
        files = write("schema-change", changes=[("U", {})] * 4, seed=seed)[2:]
        schemas = {len(pq.read_schema(f).names) for f in files}
        if len(schemas) == 2:
            return
    pytest.fail("no batch had files of two schemas")


@pytest.mark.parametrize("fault", ["truncated", "empty"])
def test_a_broken_file_stands_beside_the_whole_one(write, fault):
    files = write(fault)
    whole = [f for f in files if f.read_bytes()[-4:] == b"PAR1"]
    assert len(files) == 2 and len(whole) == 1 and len(rows(whole)) == 3
    (broken,) = set(files) - set(whole)
    assert broken.stat().st_size in (0, whole[0].stat().st_size // 2)
    with pytest.raises(pa.ArrowInvalid):
        pq.ParquetFile(broken)


def test_a_skewed_clock_shows_in_names_only(write):
    (file,) = write("clock-skew:-90")
    assert file.name == "20260102-115830000.parquet"
    assert rows([file])[0]["dms_committed_at"] == "2026-01-02 03:04:01"


def test_a_key_only_delete_has_nothing_but_its_key(write, contracts):
    *kept, deleted = rows(write("key-only-delete"))
    filled = {name for name, value in deleted.items() if value is not None}
    assert filled == {"Op", "dms_committed_at", "dms_change_seq", "id"}
    assert all(row["name"] for row in kept)


def test_null_toast_takes_large_values_of_updates(write):
    large, small = json.dumps("x" * 3000), json.dumps("x")
    changes = [("I", large), ("U", large), ("U", small), ("D", large)]
    found = rows(write("null-toast", changes=[(op, {"settings": v}) for op, v in changes]))
    assert [r["settings"] for r in found] == [large, None, small, large]


def test_cut_lobs_have_the_size_of_limited_lob_mode(write):
    (row,) = rows(write("cut-lob:2", changes=[("I", {"settings": "x" * 5000})]))
    assert row["settings"] == "x" * 2048


@pytest.mark.parametrize("text", ["lat", "late:much", ""])
def test_an_unknown_fault_is_named(text):
    with pytest.raises(SettingsError, match=f"fault {text!r}.*nothing was replicated"):
        parse_faults([text])


lossless = st.sampled_from(sorted(n for n, kind in FAULTS.items() if not kind.loses))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lossless, max_size=5), st.integers(0, 99), st.integers(1, 9))
@example(["schema-change"] * 3, 0, 1)
@example(["schema-change"] * 3, 1, 9)
def test_any_mix_of_faults_that_lose_nothing_keeps_every_row(write, bronze, names, seed, number):
    for file in bronze.rglob("*.parquet*"):
        file.unlink()
    changes = [("U", {"name": str(n)}) for n in range(number)]
    write(*names, changes=changes, seed=seed)
    release_late(bronze)
    whole = [f for f in bronze.rglob("[!.]*.parquet") if f.read_bytes()[-4:] == b"PAR1"]
    assert {r["name"] for r in rows(whole)} == {str(n) for n in range(number)}
    assert [p for p in bronze.rglob(".*") if p.is_file()] == []
