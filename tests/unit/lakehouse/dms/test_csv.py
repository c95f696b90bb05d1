"""Delimited files: what is quoted, what null looks like, how types are written."""

import csv
import gzip
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakehouse.dms.file_formats import csv_lines
from lakehouse.dms.settings import DmsSettings
from lakehouse.dms.writer import publish
from tests.unit.lakehouse.dms.conftest import new_bronze
from tests.unit.lakehouse.dms.test_bronze import batch_of

characters = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
texts = st.sampled_from(["", '"', '""', ",", "\n", "\r\n", " ", "a,b"]) | st.text(characters)


def settings(**values):
    return DmsSettings.read().with_target(DataFormat="csv", **values).target


def lines(columns, **values):
    return csv_lines(pa.RecordBatch.from_pydict(columns), settings(**values)).to_pylist()


@given(st.lists(st.tuples(texts, texts), min_size=1))
def test_every_text_is_read_back_by_a_reader_of_rfc_4180(rows):
    first, second = zip(*rows, strict=True)
    text = "\n".join(lines({"a": first, "b": second})) + "\n"
    assert [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))] == rows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("", ""),
        (None, "NULL"),
        ("a,b", '"a,b"'),
        ('say "hi"', '"say ""hi"""'),
        ("two\nlines", '"two\nlines"'),
        (Decimal("12.50"), "12.50"),
        (Decimal("0.00"), "0.00"),
        (-7, "-7"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, 5), "2026-01-02 03:04:05.000000"),
        (datetime(2026, 1, 2, 3, 4, 5, 678901), "2026-01-02 03:04:05.678901"),
    ],
)
def test_values(value, text):
    types = {Decimal: pa.decimal128(12, 2), datetime: pa.timestamp("us")}
    column = pa.array([value], types.get(type(value), pa.string() if value is None else None))
    assert lines({"a": column, "b": ["x"]}) == [f"{text},x"]


def test_settings_of_the_text():
    columns = {"a": ["x;y", None], "b": ["", 'q"']}
    assert lines(columns, CsvDelimiter=";", CsvNullValue="") == ['"x;y";', ';"q"""']
    assert lines(columns, Rfc4180=False) == ["x;y,", 'NULL,q"']


@pytest.mark.parametrize(
    ("values", "name", "header"),
    [
        ({"CompressionType": "GZIP"}, "LOAD00000001.csv.gz", False),
        ({"CompressionType": "NONE", "AddColumnName": True}, "LOAD00000001.csv", True),
    ],
)
def test_a_file_has_no_header_unless_it_is_asked_for(bronze, contracts, values, name, header):
    target = new_bronze(bronze, contracts, DataFormat="csv", **values)
    contract = contracts["tenant"]
    (hidden,), _ = target.write_load(contract, iter([batch_of(contract, 2)]))
    path = publish(hidden, bronze)
    assert path.name == name
    content = path.read_bytes()
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode()
    own = [c.name for c in contract.columns]
    names = ",".join(["Op", "dms_committed_at", *own, "dms_change_seq"])
    rows = "I," + ",".join(["NULL"] * (len(own) + 2)) + "\n"
    assert text == (f"{names}\n" if header else "") + rows * 2


def test_changes_have_the_suffix_of_the_format(bronze, contracts):
    target = new_bronze(bronze, contracts, DataFormat="csv")
    now = datetime(2026, 1, 2, 3, 4, 5, 6_000, tzinfo=UTC)
    path = target.free_change_path(contracts["order"], "2026/01/02", now)
    assert path.name == "20260102-030405006.csv.gz"
