"""What a small batch spends its time on is its rows: not code made anew, nor waiting for Java."""

import datetime as dt

import pytest
from py4j.clientserver import ClientServerConnection

from spark_bronze_to_silver.long_answers import BYTES, ITEMS, content, text_of
from spark_bronze_to_silver.schemas import silver_columns
from tests.fakes.bronze import cdc_name

pytestmark = pytest.mark.spark

# py4j's writer; what is longer takes 40 ms more.
BUFFER = 8_192
INSTANT = "[20261122000000123__commit__COMPLETED__20261123000828270]"


@pytest.fixture
def answers(monkeypatch):
    """Lengths of all answers that come from Java."""
    lengths, send = [], ClientServerConnection.send_command

    def recorded(self, command):
        answer = send(self, command)
        lengths.append(len(answer))
        return answer

    monkeypatch.setattr(ClientServerConnection, "send_command", recorded)
    return lengths


def compiled(spark):
    """How often this session has compiled code that it generated."""
    metrics = spark._jvm.org.apache.spark.metrics.source.CodegenMetrics
    return metrics.METRIC_COMPILATION_TIME().getCount()


def event(lake, number):
    at = dt.datetime(2026, 3, 1, 10, number)
    return lake.row("I", number, id=f"e{number}", session_id="s", created_at=at)


@pytest.mark.parametrize("table", ["invoice", "event"])
def test_another_batch_of_the_same_kind_compiles_nothing(spark, lake, table):
    made = lake(table)
    row = event if table == "event" else lambda lake, number: lake.row("I", number, id=f"i{number}")
    counts = []
    for number in range(1, 5):
        made.put(cdc_name(number), row(made, number))
        made.run()
        counts.append(compiled(spark))
    assert counts[-1] == counts[-2], f"compilations after each batch: {counts}"


def test_all_rows_of_a_batch_have_one_moment(invoices):
    invoices.put(cdc_name(1), *(invoices.row("I", n, id=f"i{n}") for n in range(1, 4)))
    invoices.run()
    invoices.put(cdc_name(2), invoices.row("I", 4, id="i4"))
    invoices.run()
    moments = {key: moment for key, (moment,) in invoices.rows("silver_processed_at").items()}
    assert moments["i1"] == moments["i2"] == moments["i3"] < moments["i4"]


def test_no_answer_from_java_is_a_long_one(invoices, answers):
    """With long notes, as after hundreds of files in a day."""
    for number in range(1, 3):
        invoices.put(cdc_name(number), invoices.row("I", number, id="a"))
        invoices.run()
    notes = {**invoices.table.notes(), "ledger": "x" * 50_000}
    nothing = invoices.table.rows(silver_columns(invoices.contract)).limit(0)
    invoices.table.upsert(nothing, notes)
    answers.clear()
    assert invoices.table.notes() == notes
    assert max(answers) <= BUFFER


@pytest.mark.parametrize("size", [0, 1, BYTES - 1, BYTES, BYTES + 1, 3 * BYTES + 7])
def test_a_files_bytes_are_all_of_its_bytes(spark, tmp_path, size, answers):
    expected = bytes(n % 251 for n in range(size))
    (tmp_path / "file").write_bytes(expected)
    answers.clear()
    assert content(spark, str(tmp_path / "file")) == expected
    assert max(answers) <= BUFFER


@pytest.mark.parametrize("size", [0, 1, ITEMS, ITEMS + 1, 3 * ITEMS])
def test_a_lists_text_has_all_items(spark, size, answers):
    items = spark._jvm.java.util.ArrayList()
    for number in range(size):
        items.add(f"<{number}>".ljust(len(INSTANT)))
    answers.clear()
    found = text_of(items)
    assert [f"<{n}>" in found for n in range(size)] == [True] * size
    assert found.count("<") == size
    assert max(answers) <= BUFFER


def test_a_small_sort_takes_little_memory(spark):
    """Spark's choice for this heap would be pages of 64 MB."""
    memory = spark._jvm.org.apache.spark.SparkEnv.get().memoryManager()
    assert memory.pageSizeBytes() == 1 << 20
