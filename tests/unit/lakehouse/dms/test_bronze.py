"""Names, folders and columns of Bronze files, as the settings say."""

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakehouse.dms.bronze_types import bronze_batch, bronze_schema
from lakehouse.dms.table_mappings import TableMappings
from lakehouse.dms.writer import publish
from tests.unit.lakehouse.dms.conftest import new_bronze

LATE = datetime(2026, 11, 21, 23, 30, 5, 999_000, tzinfo=UTC)


def batch_of(contract, rows=1):
    nothing = pa.nulls(rows, pa.string())
    texts = [nothing] * len(contract.columns)
    return bronze_batch(
        contract, pa.array(["I"] * rows), texts, committed_at=nothing, change_seq=nothing
    )


def test_load_files_count_in_eight_hexadecimal_digits(bronze, contracts):
    target = new_bronze(bronze, contracts)
    names = [target.load_path(contracts["order"], n).name for n in (1, 10, 255)]
    assert names == ["LOAD00000001.parquet", "LOAD0000000A.parquet", "LOAD000000FF.parquet"]


def test_a_taken_name_is_followed_by_the_next_millisecond(bronze, contracts):
    target = new_bronze(bronze, contracts)
    order = contracts["order"]
    first = target.free_change_path(order, target.change_folder(LATE), LATE)
    first.parent.mkdir(parents=True)
    first.touch()
    second = target.free_change_path(order, target.change_folder(LATE), LATE)
    assert str(first.relative_to(bronze)) == (
        "public/core_order/2026/11/21/20261121-233005999.parquet"
    )
    assert second.name == "20261121-233006000.parquet"


@pytest.mark.parametrize(
    ("sequence", "delimiter", "folder"),
    [
        ("YYYYMMDD", "SLASH", "2026/11/21"),
        ("YYYYMMDD", "NONE", "20261121"),
        ("YYYYMMDDHH", "DASH", "2026-11-21-23"),
        ("YYYYMM", "UNDERSCORE", "2026_11"),
        ("MMYYYYDD", "SLASH", "11/2026/21"),
        ("DDMMYYYY", "DASH", "21-11-2026"),
    ],
)
def test_date_folders(bronze, contracts, sequence, delimiter, folder):
    target = new_bronze(
        bronze, contracts, DatePartitionSequence=sequence, DatePartitionDelimiter=delimiter
    )
    assert target.change_folder(LATE) == folder


def test_a_time_zone_moves_folder_and_name(bronze, contracts):
    target = new_bronze(bronze, contracts, DatePartitionTimezone="Asia/Tokyo")
    path = target.free_change_path(contracts["order"], target.change_folder(LATE), LATE)
    assert str(path.relative_to(bronze / "public/core_order")) == (
        "2026/11/22/20261122-083005999.parquet"
    )


def test_without_partitions_changes_lie_beside_the_load(bronze, contracts):
    target = new_bronze(bronze, contracts, DatePartitionEnabled=False)
    path = target.free_change_path(contracts["order"], target.change_folder(LATE), LATE)
    assert path.parent == target.load_path(contracts["order"], 1).parent


@pytest.mark.parametrize(
    ("settings", "load", "changes"),
    [
        ({}, ["Op", "dms_committed_at", "dms_change_seq"], None),
        ({"IncludeOpForFullLoad": False}, ["dms_committed_at", "dms_change_seq"], None),
        ({"TimestampColumnName": "ts"}, ["Op", "ts", "dms_change_seq"], "same"),
        ({"TimestampColumnName": ""}, ["Op", "dms_change_seq"], "same"),
    ],
)
def test_the_columns_that_dms_adds(bronze, contracts, settings, load, changes):
    target, contract = new_bronze(bronze, contracts, **settings), contracts["order"]
    own = [c.name for c in contract.columns]
    expected = ["Op", "dms_committed_at", "dms_change_seq"] if changes is None else load
    for is_load, added in ((True, load), (False, expected)):
        names = target.schema(contract, is_load=is_load).names
        assert names == [*added[:-1], *own, added[-1]]


def test_without_a_rule_there_is_no_sequence(bronze, contracts):
    rule = (
        '{"rules": [{"rule-type": "selection", "rule-id": "1", "rule-name": "all", '
        '"object-locator": {"schema-name": "%", "table-name": "%"}, "rule-action": "include"}]}'
    )
    target = new_bronze(bronze, contracts, TableMappings.parse(rule))
    names = target.schema(contracts["order"], is_load=False).names
    assert names == bronze_schema(contracts["order"]).names[:-1]


@pytest.mark.parametrize(
    ("settings", "codec", "encodings"),
    [
        ({}, "GZIP", {"RLE_DICTIONARY"}),
        ({"CompressionType": "NONE"}, "UNCOMPRESSED", {"RLE_DICTIONARY"}),
        ({"EncodingType": "plain"}, "GZIP", set()),
        ({"ParquetVersion": "parquet-2-0"}, "GZIP", {"RLE_DICTIONARY"}),
        ({"EnableStatistics": False, "RowGroupLength": 2}, "GZIP", {"RLE_DICTIONARY"}),
    ],
)
def test_how_parquet_is_written(bronze, contracts, settings, codec, encodings):
    target, contract = new_bronze(bronze, contracts, **settings), contracts["order"]
    (hidden,), rows = target.write_load(contract, iter([batch_of(contract, 5)]))
    metadata = pq.read_metadata(publish(hidden, bronze))
    column = metadata.row_group(0).column(0)
    dictionaries = {e.replace("PLAIN_DICTIONARY", "RLE_DICTIONARY") for e in column.encodings}
    assert rows == metadata.num_rows == 5
    assert column.compression == codec
    assert dictionaries & {"RLE_DICTIONARY"} == encodings
    assert column.is_stats_set == settings.get("EnableStatistics", True)
    assert metadata.num_row_groups == (3 if "RowGroupLength" in settings else 1)


def test_hidden_files_of_any_format_are_removed(bronze, contracts):
    target, contract = new_bronze(bronze, contracts, DataFormat="csv"), contracts["order"]
    target.write_load(contract, iter([batch_of(contract)]))
    assert not target.has_files(contract)
    target.remove_hidden([contract])
    assert not [path for path in bronze.rglob("*") if path.is_file()]
