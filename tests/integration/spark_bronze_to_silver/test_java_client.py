"""Few rows are written by Hudi's client for one process, as the datasource would write them."""

import json
import random
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from spark_bronze_to_silver import java_client
from spark_bronze_to_silver.errors import UnwrittenRowsError
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.kept import FEW_ROWS

pytestmark = pytest.mark.spark

COLUMNS = (
    "tenant_id string, id string, amount decimal(12,2), rate double, at timestamp, day date, "
    "flag boolean, tags array<string>, number bigint, source_order string"
)
NOTES = {"ledger": '{"a": "ü, \\n"}', "empty": ""}
STATISTICS = ("numWrites", "numDeletes", "numUpdateWrites", "numInserts", "prevCommit")
# What a commit cannot have in common with another one.
MOMENTARY = ("_hoodie_commit_time", "_hoodie_commit_seqno", "_hoodie_file_name")


def batch(rng):
    """Rows of some of forty keys, with values of every kind, and orders that go back and forth."""
    keys = rng.sample([(f"t{n % 3}", f"k{n}") for n in range(40)], rng.randint(1, 25))
    return [
        (
            *key,
            rng.choice([None, Decimal("-0.01"), Decimal("9999999999.99")]),
            rng.choice([None, 0.1, -1e300]),
            rng.choice([None, datetime(1883, 11, 18, 12, 3, 57, 999999, UTC)]),
            rng.choice([None, datetime(1582, 10, 14, tzinfo=UTC).date()]),
            rng.choice([None, True, False]),
            rng.choice([None, [], ["x", "é"]]),
            rng.choice([None, -(2**63), 2**53 + 1]),
            f"{rng.randint(0, 9)}",
        )
        for key in keys
    ]


def table_in(spark, folder):
    return HudiTable(spark, "thing", str(folder), ("tenant_id", "id"))


def few(spark, rows, columns=COLUMNS):
    """A frame of which Spark knows that it is small."""
    return spark.createDataFrame(rows, columns).limit(FEW_ROWS)


def stored(table):
    rows = table.spark.read.format("hudi").load(table.path).drop(*MOMENTARY)
    return sorted(rows.selectExpr("to_json(struct(*)) as row").collect())


def commits(table):
    """Of each commit its statistics and what was noted, oldest first; instants by their number."""
    files = sorted(Path(table.path, ".hoodie").glob("*.commit"))
    instants = {file.stem: number for number, file in enumerate(files)}
    found = []
    for commit in (json.loads(file.read_text()) for file in files):
        writes = [s for p in commit["partitionToWriteStats"].values() for s in p]
        numbers = sorted(
            tuple(instants.get(s[n], s[n]) for n in STATISTICS) for s in writes if s["numWrites"]
        )
        found.append((commit["operationType"], commit["extraMetadata"], numbers))
    return found


def jobs_of(spark, action):
    """How many of Spark's jobs the action takes, and its result."""
    scheduler = spark.sparkContext._jsc.sc().dagScheduler()
    before = scheduler.numTotalJobs()
    return action(), scheduler.numTotalJobs() - before


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("full", [0, 5 / 6], ids=["files of one batch", "files that fill up"])
def test_both_writers_leave_the_same_table(spark, tmp_path, monkeypatch, seed, full):
    """The same rows in as many files, and the same commits; the client takes fewer jobs."""
    monkeypatch.setattr("spark_bronze_to_silver.hudi_table.FULL", full)
    rng = random.Random(seed)
    one, other = table_in(spark, tmp_path / "client"), table_in(spark, tmp_path / "datasource")
    first = few(spark, batch(rng))
    one.upsert(first, NOTES)
    other.upsert(first, NOTES)
    for _ in range(4):
        rows = batch(rng)
        many = spark.createDataFrame(rows, COLUMNS)
        assert java_client.is_for(few(spark, rows)) and not java_client.is_for(many)
        instant, by_client = jobs_of(spark, lambda: one.upsert(few(spark, rows), NOTES))  # noqa: B023
        _, by_spark = jobs_of(spark, lambda: other.upsert(many, NOTES))  # noqa: B023
        assert by_client < by_spark
        assert stored(one) == stored(other)
        assert one.timeline().instants[-1] == instant
        assert one.notes() == other.notes() == NOTES
    assert commits(one) == commits(other)


def test_only_rows_known_to_be_few_are_the_clients(spark):
    rows = spark.range(10).toDF("n")
    assert java_client.is_for(rows.limit(FEW_ROWS))
    assert not java_client.is_for(spark.createDataFrame([(1,)], "n int")), "Spark does not know"
    assert not java_client.is_for(spark.range(FEW_ROWS + 1).toDF("n"))


def test_a_batch_that_changes_the_columns_is_the_datasources(spark, tmp_path, monkeypatch):
    written, upsert = [], java_client.upsert_few
    monkeypatch.setattr(
        java_client, "upsert_few", lambda *arguments: written.append(1) or upsert(*arguments)
    )
    table = table_in(spark, tmp_path / "thing")
    old, new = "tenant_id string, id string, source_order string", "added string"
    table.upsert(few(spark, [("t", "a", "1")], old), {})
    table.upsert(few(spark, [("t", "b", "2")], old), {})
    assert written == [1], "the second batch is the client's"
    table.upsert(few(spark, [("t", "c", "3", "x")], f"{old}, {new}"), {})
    assert written == [1], "the batch with another column is not"
    table.upsert(few(spark, [("t", "a", "4", "y")], f"{old}, {new}"), {})
    assert written == [1, 1], "the next one is again"
    rows = spark.read.format("hudi").load(table.path).select("id", "added").collect()
    assert {row.id: row.added for row in rows} == {"a": "y", "b": None, "c": "x"}


def test_no_rows_make_a_commit_with_notes(spark, tmp_path):
    table = table_in(spark, tmp_path / "thing")
    table.upsert(few(spark, batch(random.Random(3))), {})
    before = stored(table)
    table.upsert(few(spark, []), NOTES)
    assert stored(table) == before and table.notes() == NOTES


def test_rows_that_hudi_could_not_write_stop_the_commit(spark, tmp_path):
    """The commit is left open, as by a kill; the next one takes its files away.

    Arrays with a null are rows that Hudi's writer refuses; cleaning leaves none of them.
    """
    table, schema = (
        table_in(spark, tmp_path / "thing"),
        "tenant_id string, id string, tags array<string>, source_order string",
    )
    table.upsert(few(spark, [("t", "a", ["x"], "1")], schema), NOTES)
    before, files = stored(table), set(tmp_path.rglob("*.parquet"))
    unfit = [("t", "a", ["y"], "2"), ("t", "b", [None], "2")]
    with pytest.raises(UnwrittenRowsError, match="thing: Hudi could not write 1 rows.*null"):
        table.upsert(few(spark, unfit, schema), {})
    assert stored(table) == before and table.notes() == NOTES
    left = set(tmp_path.rglob("*.parquet")) - files
    table.upsert(few(spark, [("t", "c", ["z"], "2")], schema), {})
    assert sorted(row.id for row in table.rows({"id": "string"}).collect()) == ["a", "c"]
    assert not left & set(tmp_path.rglob("*.parquet"))
