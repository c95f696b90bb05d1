"""docs/dms-layout.md is the contract: its tables against the settings and against real files."""

import csv
import gzip
import io
import json
import re
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from lakehouse.dms.bronze import DATE_FOLDERS, DELIMITERS, Bronze
from lakehouse.dms.bronze_types import arrow_type
from lakehouse.dms.settings import (
    POSTGRES_SOURCE,
    S3_TARGET,
    TASK_FOLDER,
    TASK_SETTINGS,
    DmsSettings,
    PostgresSourceSettings,
    S3TargetSettings,
    TaskSettings,
)
from lakehouse.dms.table_mappings import TableMappings
from lakehouse.stages.replicate import TABLE_MAPPINGS
from lakehouse.state import REPOSITORY
from tests.integration.lakehouse.dms.conftest import TENANT

pytestmark = pytest.mark.postgres

PAGE = (REPOSITORY / "docs" / "dms-layout.md").read_text()
ID = "00000000-0000-4000-8000-00000000000a"
PRODUCT = (
    "insert into core_product (id, tenant_id, sku, name, description, category, price, cost, "
    "stock_quantity, created_at, updated_at, is_active) values (%s, %s, 'sku', %s, '', 'Books', "
    "12.50, 7.25, 3, '2026-01-02 03:04:05.678901+00', '2026-07-01 01:30:00+02', true)"
)


def table(heading, number=0):
    """Rows of the number-th table below a heading, by column; code marks are taken off."""
    section = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)", PAGE, flags=re.M | re.S)[1]
    blocks = re.findall(r"(?:^\|.*\n)+", section, flags=re.M)
    names, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in blocks[number].strip().splitlines()
    ]
    return [dict(zip(names, row, strict=True)) for row in rows]


def plain(cell):
    return cell.strip("`")


def settings_of(model, prefix=""):
    """Full DMS name and field of each setting in the model."""
    for field in model.model_fields.values():
        inner = field.annotation
        if hasattr(inner, "model_fields"):
            yield from settings_of(inner, f"{field.alias}.")
        else:
            yield f"{prefix}{field.alias}", field


def given(document, name, field):
    for part in name.split("."):
        document = document.get(part, field.default) if isinstance(document, dict) else document
    return document


@pytest.mark.parametrize(
    ("heading", "file", "model"),
    [
        ("S3 target", S3_TARGET, S3TargetSettings),
        ("PostgreSQL source", POSTGRES_SOURCE, PostgresSourceSettings),
        ("Task", TASK_SETTINGS, TaskSettings),
    ],
)
def test_every_setting_is_documented_with_the_value_that_it_has(heading, file, model):
    document = json.loads((TASK_FOLDER / file).read_text())
    documented = {row["setting"]: json.loads(plain(row["value"])) for row in table(heading)}
    real = {name: given(document, name, field) for name, field in settings_of(model)}
    assert documented == real


@pytest.mark.parametrize("row", table("Files", 1), ids=lambda row: row["delimiter"])
def test_date_folders_are_those_of_the_page(tmp_path, row):
    sequence, delimiter = row["sequence"], row["delimiter"]
    assert sequence in DATE_FOLDERS and delimiter in DELIMITERS
    settings = DmsSettings.read().with_target(
        DatePartitionSequence=sequence, DatePartitionDelimiter=delimiter
    )
    bronze = Bronze(tmp_path, settings, TableMappings.read(TABLE_MAPPINGS))
    moment = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert bronze.change_folder(moment) == plain(row["folder of 2026-11-21 23:30"])


def test_every_type_of_the_contracts_is_documented_and_written_so(contracts):
    documented = {row["PostgreSQL"]: row["Parquet"] for row in table("Types")}
    for contract in contracts.values():
        for column in contract.columns:
            kind = re.sub(r"\(\d+,\d+\)", "(p,s)", column.source_type)
            kind = re.sub(r"\(\d+\)", "(n)", kind)
            assert documented[kind] == re.sub(r"\(.*", "(p,s)", column.bronze_type)
            assert arrow_type(column)


@pytest.fixture
def written(source, new_task, landed, request):
    """A load and a change, by the project's own settings or as csv; rows by column name."""
    task = new_task(settings=DmsSettings.read().with_target(DataFormat=request.param))
    source.execute(source.tenant(), (PRODUCT, (ID, TENANT, 'say "hi"')))
    task.full_load()
    source.execute("update core_product set name = 'a,b'")
    task.catch_up()
    folder = landed.root / "public" / "core_product"
    files = {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()}
    return files, task


@pytest.mark.parametrize("written", ["parquet", "csv"], indirect=True)
def test_names_are_those_of_the_page(written):
    files, _ = written
    patterns = {
        row["kind"]: plain(row["pattern"])
        .replace("SUFFIX", r"(\.parquet|\.csv|\.csv\.gz)")
        .replace("FOLDER", r"\d{4}/\d\d/\d\d")
        for row in table("Files")
    }
    kinds = [kind for kind, p in patterns.items() for name in files if re.fullmatch(p, name)]
    assert set(kinds) == {"full load", "change"} and len(kinds) == len(files)
    examples = {row["kind"]: plain(row["example"]) for row in table("Files")}
    assert all(re.fullmatch(patterns[kind], example) for kind, example in examples.items())


@pytest.mark.parametrize("written", ["parquet"], indirect=True)
def test_columns_are_those_of_the_page(written, contracts):
    files, task = written
    (path,) = [p for p in files.values() if p.name.startswith("LOAD")]
    names = pq.read_schema(path).names
    places = {row["place"]: plain(row["column"]) for row in table("Columns")}
    own = [c.name for c in contracts["product"].columns]
    assert names == [places["1"], places["2"], *own, places["last"]]
    (row,) = pq.read_table(path).to_pylist()
    (start,) = {task.load_started()[name] for name in contracts}
    assert row["dms_committed_at"] == f"{start:%Y-%m-%d %H:%M:%S.%f}"
    assert (row["Op"], row["dms_change_seq"]) == ("I", "")


@pytest.mark.parametrize("written", ["csv"], indirect=True)
def test_delimited_text_is_that_of_the_page(written, landed, contracts):
    texts = {row["value"]: plain(row["csv text"]) for row in table("Delimited text")}
    types = {row["PostgreSQL"]: row["csv text"] for row in table("Types")}
    files, _ = written
    contents = {
        "load" if path.name.startswith("LOAD") else "change": gzip.decompress(path.read_bytes())
        for path in files.values()
    }
    assert texts['`say "hi"`'] in contents["load"].decode()
    assert texts["`a,b`"] in contents["change"].decode()
    names = ["Op", "dms_committed_at", *(c.name for c in contracts["product"].columns), "seq"]
    (loaded,), (changed,) = (
        list(csv.DictReader(io.StringIO(contents[kind].decode()), names))
        for kind in ("load", "change")
    )
    assert changed["description"] == loaded["description"] == ""
    (tenant,) = (landed.root / "public" / "core_tenant").glob("LOAD*")
    place = 2 + [c.name for c in contracts["tenant"].columns].index("domain")
    (row,) = csv.reader(io.StringIO(gzip.decompress(tenant.read_bytes()).decode()))
    assert row[place] == texts["null"]
    assert loaded["is_active"] in types["boolean"]
    assert plain(types["timestamp with time zone"]) == loaded["created_at"]
    assert loaded["price"] == "12.50"
