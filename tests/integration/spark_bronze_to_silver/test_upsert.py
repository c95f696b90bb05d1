"""The job itself tells Hudi where a row is stored, as Hudi's index would."""

from itertools import pairwise
from pathlib import Path

import pytest
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.file_sizes import FILES
from spark_bronze_to_silver.hudi_table import HudiTable, record_key

pytestmark = pytest.mark.spark

ROWS = [("t", "a"), ("t", "b,id:c"), ("", "a"), ("t", "")]
COLUMNS = "tenant_id string, id string, value string, source_order string"


def table_in(spark, folder, key=("tenant_id", "id")):
    return HudiTable(spark, "thing", str(folder), key)


def frame(spark, rows, value, order):
    return spark.createDataFrame([(*row, value, order) for row in rows], COLUMNS)


def stored(spark, folder):
    rows = spark.read.format("hudi").load(str(folder))
    return sorted(rows.select("_hoodie_record_key", "tenant_id", "id", "value").collect())


def written_by(table, instant):
    """How many files the commit wrote."""
    return len(list(Path(table.path).glob(f"*_{instant}.parquet")))


def test_new_rows_get_the_record_keys_that_hudi_gives(spark, tmp_path):
    """The first commit lets Hudi make the keys, the others are the job's own."""
    by_hudi, own = table_in(spark, tmp_path / "hudi"), table_in(spark, tmp_path / "own")
    by_hudi.upsert(frame(spark, ROWS, "x", "1"), {})
    own.upsert(frame(spark, ROWS[:1], "x", "1"), {})
    own.upsert(frame(spark, ROWS[1:], "x", "1"), {})
    assert stored(spark, own.path) == stored(spark, by_hudi.path)


def test_a_key_of_one_column_is_its_value(spark, tmp_path):
    table = table_in(spark, tmp_path / "thing", key=("id",))
    table.upsert(frame(spark, [("t", "a")], "x", "1"), {})
    table.upsert(frame(spark, [("t", "b")], "x", "1"), {})
    assert [row[0] for row in stored(spark, table.path)] == ["a", "b"]


def test_no_value_at_all_has_a_sign_of_its_own(spark):
    rows = spark.createDataFrame([(None, "")], "a string, b string")
    assert rows.select(record_key(("a", "b"))).first()[0] == "a:__null__,b:__empty__"


@pytest.mark.parametrize("few", [True, False], ids=["the client's", "the datasource's"])
def test_a_table_sees_its_own_commits(spark, tmp_path, few):
    table, columns = table_in(spark, tmp_path / "thing"), {"id": "string", "value": "string"}

    def content():
        return sorted(tuple(row) for row in table.rows(columns).collect())

    for value, order in (("x", "1"), ("y", "2")):
        rows = frame(spark, [("t", "a")], value, order)
        table.upsert(rows.limit(1) if few else rows, {})
        assert content() == [("a", value)]
    table.upsert(frame(spark, [("t", "b")], "z", "3"), {})
    table.delete(frame(spark, [("t", "a")], "y", "2"))
    assert content() == [("b", "z")]
    table.replace(frame(spark, [("t", "c")], "z", "4"), {})
    assert content() == [("c", "z")]


def test_a_row_in_any_file_is_found(spark, tmp_path, monkeypatch):
    """Each insert in a file of its own; every row is updated or kept, and none stands twice."""
    monkeypatch.setattr("spark_bronze_to_silver.hudi_table.FULL", 0)
    table = table_in(spark, tmp_path / "thing")
    for number, row in enumerate(ROWS):
        table.upsert(frame(spark, [row], "old", str(number)), {})
    files = spark.read.format("hudi").load(table.path).select("_hoodie_file_name").distinct()
    assert files.count() == len(ROWS)
    table.upsert(frame(spark, ROWS[:3], "new", "3"), {})
    values = {(row.tenant_id, row.id): row.value for row in stored(spark, table.path)}
    assert values == {**dict.fromkeys(ROWS[:3], "new"), ROWS[3]: "old"}


def test_a_recent_change_writes_one_file_of_many(spark, tmp_path, monkeypatch):
    """The first rows lie in files by their age, so that recent ones are together."""
    monkeypatch.setattr("spark_bronze_to_silver.file_sizes.SMALLEST", 1)
    table = HudiTable(spark, "thing", str(tmp_path / "thing"), ("tenant_id", "id"), age="value")
    ages = [f"{number * 37 % 320:03}" for number in range(320)]
    rows = [("t", f"id-{age}", age, "1") for age in ages]
    first = table.upsert(spark.createDataFrame(rows, COLUMNS), {})
    read = spark.read.format("hudi").load(table.path)
    ends = F.min("value").alias("oldest"), F.max("value").alias("newest")
    files = read.groupBy("_hoodie_file_name").agg(*ends)
    spans = sorted(tuple(row) for row in files.select("oldest", "newest").collect())
    assert len(spans) == FILES
    assert all(newest < oldest for (_, newest), (oldest, _) in pairwise(spans))
    second = table.upsert(spark.createDataFrame([("t", "id-319", "319", "2")], COLUMNS), {})
    assert written_by(table, first) == FILES and written_by(table, second) == 1


def test_an_older_row_leaves_the_stored_one(spark, tmp_path):
    table = table_in(spark, tmp_path / "thing")
    table.upsert(frame(spark, ROWS[:1], "new", "2"), {})
    table.upsert(frame(spark, ROWS[:1], "old", "1"), {})
    assert [row.value for row in stored(spark, table.path)] == ["new"]


def test_deleted_rows_are_gone_and_others_stay(spark, tmp_path):
    table = table_in(spark, tmp_path / "thing")
    table.upsert(frame(spark, ROWS, "x", "1"), {})
    table.delete(frame(spark, [*ROWS[:2], ("t", "never there")], "x", "1"))
    assert [(r.tenant_id, r.id) for r in stored(spark, table.path)] == sorted(ROWS[2:])


def test_no_checksum_files_lie_beside_local_ones(spark, tmp_path):
    """Each commit lists the table's folders a dozen times."""
    table = table_in(spark, tmp_path / "thing")
    table.upsert(frame(spark, ROWS, "x", "1"), {})
    assert not list(tmp_path.rglob("*.crc"))
