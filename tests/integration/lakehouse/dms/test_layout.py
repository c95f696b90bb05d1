"""Files, columns and types as DMS writes them."""

import csv
import gzip
import io
import json
import re
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakehouse.dms.bronze_types import bronze_schema
from lakehouse.dms.settings import DmsSettings
from lakehouse.dms.table_mappings import TableMappings
from lakehouse.stages.replicate import TABLE_MAPPINGS
from tests.integration.lakehouse.dms.conftest import TENANT

pytestmark = pytest.mark.postgres

PRODUCT = (
    "insert into core_product values (%s, %s, 'sku', %s, %s, 'Books', 12.50, 7.25, 3, "
    "'2026-01-02 03:04:05.678901+00', '2026-07-01 01:30:00+02', true)"
)
ID = "00000000-0000-4000-8000-00000000000a"
AWKWARD = 'quote " comma , newline \n tab \t backslash \\ 日本 \\N "" end'


def test_a_full_load_file_has_the_columns_of_the_contract_between_those_of_dms(
    source, task, landed, contracts
):
    source.execute(source.tenant(), (PRODUCT, (ID, TENANT, AWKWARD, "")))
    report = task.full_load()

    assert report.rows_by_table["core_product"] == report.rows_by_table["core_tenant"] == 1
    (path,) = landed.files("core_product")
    assert path.name == "LOAD00000001.parquet"
    schema = pq.read_schema(path)
    assert schema.names[:2] == ["Op", "dms_committed_at"]
    assert schema.names[-1] == "dms_change_seq"
    assert schema.equals(bronze_schema(contracts["product"]))
    assert pq.read_metadata(path).row_group(0).column(0).compression == "GZIP"
    (row,) = landed.rows("core_product")
    assert (row["Op"], row["dms_change_seq"]) == ("I", "")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}", row["dms_committed_at"])
    assert (row["name"], row["description"]) == (AWKWARD, "")
    assert (row["price"], row["stock_quantity"], row["is_active"]) == (Decimal("12.50"), 3, "true")
    assert row["created_at"].isoformat() == "2026-01-02T03:04:05.678901"
    assert row["updated_at"].isoformat() == "2026-06-30T23:30:00"


def test_a_row_is_the_same_by_full_load_and_by_change(source, task, landed):
    source.execute(source.tenant(settings={"a": [1, None, "ü"]}))
    source.execute((PRODUCT, (ID, TENANT, AWKWARD, "")))
    task.full_load()
    source.execute(
        "update core_product set stock_quantity = 3", "update core_tenant set name='One'"
    )
    task.catch_up()

    for table in ("core_product", "core_tenant"):
        loaded, changed = landed.rows(table)[::-1]
        if loaded["Op"] == "U":
            loaded, changed = changed, loaded
        own = [k for k in loaded if k not in ("Op", "dms_committed_at", "dms_change_seq")]
        assert {k: loaded[k] for k in own} == {k: changed[k] for k in own}


def test_changes_go_to_the_folder_of_their_commit_date(source, task, landed):
    task.full_load()
    source.execute(source.tenant())
    task.catch_up()

    (path,) = landed.files()
    name = str(path.relative_to(landed.root))
    assert re.fullmatch(r"public/core_tenant/\d{4}/\d\d/\d\d/\d{8}-\d{9}\.parquet", name)
    (row,) = landed.rows()
    assert row["dms_committed_at"][:10].replace("-", "/") in name
    assert re.fullmatch(r"\d{35}", row["dms_change_seq"])


def test_a_table_without_rows_makes_no_folder(task, landed):
    task.full_load()
    assert landed.files() == [] and not (landed.root / "public" / "core_tenant").exists()


def test_full_load_files_count_in_hexadecimal(source, new_task, landed, monkeypatch):
    task = new_task(settings=DmsSettings.read().with_target(MaxFileSize=1))
    monkeypatch.setattr("lakehouse.dms.full_load.BLOCK_BYTES", 200)
    source.execute(
        *[source.tenant(f"00000000-0000-4000-8000-0000000000{n:02d}", f"T{n}") for n in range(20)]
    )
    task.full_load()
    names = [f.name for f in landed.files()]
    assert len(names) > 10 and "LOAD0000000A.parquet" in names
    assert len(landed.rows()) == 20


def test_the_operations_are_what_happened(source, task, landed):
    task.full_load()
    source.execute(
        source.tenant(),
        "update core_tenant set name = 'Two'",
        "delete from core_tenant",
        source.tenant(name="Three"),
    )
    report = task.catch_up()

    assert report.operations == {"core_tenant": {"I": 2, "U": 1, "D": 1}}
    assert report.transactions == 1
    rows = landed.rows()
    assert [r["Op"] for r in rows] == ["I", "U", "D", "I"]
    assert [r["name"] for r in rows] == ["One", "Two", "Two", "Three"]
    assert len({r["dms_committed_at"] for r in rows}) == 1
    sequences = [r["dms_change_seq"] for r in rows]
    assert sequences == sorted(set(sequences))


def test_csv_has_the_same_rows_by_position(source, new_task, landed, contracts):
    task = new_task(settings=DmsSettings.read().with_target(DataFormat="csv"))
    source.execute(source.tenant(), (PRODUCT, (ID, TENANT, AWKWARD, "")))
    task.full_load()
    source.execute("update core_product set stock_quantity = 4, is_active = false")
    task.catch_up()

    files = sorted((landed.root / "public" / "core_product").rglob("*.csv.gz"))
    assert re.fullmatch(r"\d{8}-\d{9}\.csv\.gz", files[0].name)
    assert files[1].name == "LOAD00000001.csv.gz"
    names = bronze_schema(contracts["product"]).names
    changed, loaded = (
        dict(zip(names, row, strict=True))
        for file in files
        for row in csv.reader(io.StringIO(gzip.decompress(file.read_bytes()).decode(), newline=""))
    )
    assert (loaded["Op"], loaded["dms_change_seq"]) == ("I", "")
    assert (loaded["name"], loaded["description"], loaded["price"]) == (AWKWARD, "", "12.50")
    assert loaded["created_at"] == "2026-01-02 03:04:05.678901"
    assert loaded["updated_at"] == "2026-06-30 23:30:00.000000"
    assert (changed["Op"], changed["stock_quantity"], changed["is_active"]) == ("U", "4", "false")


def test_a_table_that_the_mappings_do_not_select_is_not_replicated(source, new_task, landed):
    rules = json.loads(TABLE_MAPPINGS.read_text())["rules"]
    named = [r for r in rules if r["object-locator"]["table-name"] == "core_tenant"]
    mappings = TableMappings.parse(json.dumps({"rules": named}))
    task = new_task(mappings=mappings)
    source.execute(source.tenant(), (PRODUCT, (ID, TENANT, "P", "")))
    report = task.full_load()
    source.execute("update core_product set stock_quantity = 4")
    task.catch_up()
    assert list(report.rows_by_table) == ["core_tenant"]
    assert len(landed.files()) == 1 and landed.files("core_product") == []


def test_a_large_value_survives_an_update_of_another_column(source, task, landed):
    large = {"text": "".join(chr(33 + (n * 7919) % 90) for n in range(60_000))}
    source.execute(source.tenant(settings=large))
    task.full_load()
    source.execute("update core_tenant set name = 'Two'")
    task.catch_up()
    loaded, changed = sorted(landed.rows(), key=lambda r: r["dms_change_seq"])
    assert changed["settings"] == loaded["settings"] and len(changed["settings"]) > 60_000


def test_bronze_types_are_arrow_types(contracts):
    for contract in contracts.values():
        assert all(isinstance(field.type, pa.DataType) for field in bronze_schema(contract))
