"""Values, columns and files of results, as Athena has them."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.s3.models import s3_backends

from lakehouse.homes.rehearsal.athena.column_types import hive_type, trino_type
from lakehouse.homes.rehearsal.athena.errors import StatementError
from lakehouse.homes.rehearsal.athena.results.columns import column_info, described
from lakehouse.homes.rehearsal.athena.results.files import write_result
from lakehouse.homes.rehearsal.athena.results.values import text_of
from lakehouse.homes.rehearsal.athena.translation.plan import Kind

ACCOUNT = "222222222222"


def plain(kind, *numbers):
    return {"rawType": kind, "arguments": [{"kind": "LONG", "value": n} for n in numbers]}


def nested(kind, *inner):
    return {"rawType": kind, "arguments": [{"kind": "TYPE", "value": i} for i in inner]}


def field(name, inner):
    shown = {"name": name} if name else None
    return {"kind": "NAMED_TYPE", "value": {"fieldName": shown, "typeSignature": inner}}


ROW = {
    "rawType": "row",
    "arguments": [field("a", plain("integer")), field(None, plain("varchar"))],
}


@pytest.mark.parametrize(
    ("value", "signature", "text"),
    [
        (None, plain("bigint"), None),
        (7, plain("bigint"), "7"),
        (True, plain("boolean"), "true"),
        ("1.0E10", plain("double"), "1.0E10"),
        ("2.50", plain("decimal", 10, 2), "2.50"),
        ("2026-11-21 01:02:03.000004", plain("timestamp", 6), "2026-11-21 01:02:03.000004"),
        (base64.b64encode(b"\xff\x00").decode(), plain("varbinary"), "ff 00"),
        (["a", None], nested("array", plain("varchar")), "[a, null]"),
        ({"k": [1]}, nested("map", plain("varchar"), nested("array", plain("integer"))), "{k=[1]}"),
        ([1, "x"], ROW, "{a=1, field1=x}"),
        ([False, None], ROW, "{a=false, field1=null}"),
    ],
)
def test_text_of_a_value(value, signature, text):
    assert text_of(value, signature) == text


@pytest.mark.parametrize(
    ("signature", "kind", "precision", "scale"),
    [
        (plain("decimal", 18, 2), "decimal", 18, 2),
        (plain("real"), "float", 17, 0),
        (plain("varchar", 5), "varchar", 5, 0),
        (plain("varchar", 2147483648), "varchar", 2147483647, 0),
        (plain("timestamp", 6), "timestamp", 6, 0),
        (nested("array", plain("integer")), "array", 0, 0),
    ],
)
def test_a_column_is_described_as_athena_does(signature, kind, precision, scale):
    info = column_info({"name": "c", "typeSignature": signature})
    assert (info["Type"], info["Precision"], info["Scale"]) == (kind, precision, scale)


HIVE_TYPES = st.recursive(
    st.sampled_from(["string", "int", "bigint", "double", "boolean", "date", "decimal(10,2)"]),
    lambda inner: st.one_of(
        inner.map(lambda t: f"array<{t}>"),
        st.tuples(inner, inner).map(lambda p: f"map<{p[0]},{p[1]}>"),
        st.tuples(inner, inner).map(lambda p: f"struct<a:{p[0]},b:{p[1]}>"),
    ),
    max_leaves=6,
)


@given(HIVE_TYPES, st.booleans())
def test_a_hive_type_comes_back_from_trino_as_it_went(hive, iceberg):
    assert hive_type(trino_type(hive, iceberg=iceberg)) == hive


@pytest.fixture
def bucket():
    backend = s3_backends[ACCOUNT]["aws"]
    backend.reset()
    backend.create_bucket("results", "eu-central-1")

    def read(key):
        return backend.get_object("results", key).value.decode()

    return read


def test_rows_are_csv_with_nulls_as_nothing(bucket):
    rows = [["1", None], ["", 'say "hi", you\nthere']]
    columns = [described("id"), described("text")]
    write_result(ACCOUNT, "s3://results/x/q.csv", Kind.DML, columns, rows)
    assert bucket("x/q.csv") == '"id","text"\n"1",\n"","say ""hi"", you\nthere"\n'
    assert [c["Name"] for c in json.loads(bucket("x/q.csv.metadata"))["columns"]] == ["id", "text"]


def test_other_statements_leave_lines_of_text(bucket):
    write_result(ACCOUNT, "s3://results/q.txt", Kind.UTILITY, [], [["a", "int", None]])
    assert bucket("q.txt") == "a\tint\t\n"


def test_a_bucket_that_is_not_there_is_named():
    with pytest.raises(StatementError, match="nowhere"):
        write_result(ACCOUNT, "s3://nowhere/q.txt", Kind.DML, [], [])
