"""One table from Bronze files to a Hudi table, on real Spark and Hudi."""

import datetime as dt
import random
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from spark_bronze_to_silver.errors import (
    RowAccountingError,
    UnreadableBronzeError,
    UntypableRowsError,
)
from spark_bronze_to_silver.schemas import silver_columns
from spark_bronze_to_silver.tables import cleaner
from spark_bronze_to_silver.to_silver import run_tables
from tests.fakes.bronze import bronze_row, cdc_name, sequence, write_bronze

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"


def test_a_full_load_becomes_typed_rows(orders):
    orders.put(LOAD, orders.row("I", 0, id="a", status="pending", completed_at=None))

    result = orders.run()

    assert (result.rows_read, result.rows_accepted, result.rows_superseded) == (1, 1, 0)
    frame = orders.spark.read.format("hudi").load(str(orders.path))
    own = {f.name: f.dataType.simpleString() for f in frame.schema if f.name[0] != "_"}
    assert own == silver_columns(orders.contract)
    row = frame.first()
    assert row.subtotal == Decimal("11.25")
    assert row.order_date == dt.datetime(2026, 1, 2, 3, 4, 5, 678901)
    assert row.completed_at is None
    assert (row.source_op, row.source_seq, row.is_deleted) == ("I", "0" * 35, False)
    assert row.source_committed_at == dt.datetime(2026, 1, 2, 3, 4, 5, 6)


def test_rows_that_a_batch_does_not_touch_keep_every_value(orders):
    """Hudi's row writer stored decimals that its upsert reader multiplied by a hundred."""
    loaded = {"total": Decimal("12.00"), "completed_at": None}
    orders.put(LOAD, *[orders.row("I", 0, id=str(n), **loaded) for n in range(6)])
    orders.run()
    before = orders.content()

    orders.put(cdc_name(1), orders.row("U", 5, id="0", status="processing"))
    orders.run()

    after = orders.content()
    assert {k: v for k, v in after.items() if k != "0"} == {
        k: v for k, v in before.items() if k != "0"
    }
    assert orders.rows("source_total", "total", "dq_issues")["1"] == (
        Decimal("12.00"),
        Decimal("33.75"),
        ["total_mismatch"],
    )


@pytest.mark.parametrize(
    "defect",
    [
        lambda rows: rows.where("id <> 'kept'"),
        lambda rows: rows.unionByName(rows.where("id = 'kept'")),
        lambda rows: rows.unionByName(rows.where("id = 'absent'")),
    ],
    ids=["a row is lost", "a row comes twice", "a row that stands for none comes twice"],
)
def test_rows_that_do_not_add_up_are_not_committed(orders, monkeypatch, defect):
    """What no row of Bronze can lead to, but a defect of the job could."""
    reload = {"dms_committed_at": "2026-01-02 03:04:06.000000"}
    orders.put(LOAD, *[orders.row("I", 0, id=key) for key in ("kept", "absent")])
    orders.run()
    before = orders.content()
    orders.put("LOAD00000002.parquet", orders.row("I", 0, id="kept", **reload))
    with monkeypatch.context() as patch:
        patch.setattr("spark_bronze_to_silver.batch.cleaner", lambda table: _then(table, defect))
        with pytest.raises(RowAccountingError, match="Nothing was committed"):
            orders.run()
    assert orders.content() == before
    assert orders.run().rows_absent == 1


def _then(table, defect):
    return lambda rows: defect(cleaner(table)(rows))


@pytest.mark.parametrize("name", [LOAD, cdc_name(1)])
def test_dates_of_long_ago_are_dates(invoices, name):
    """Typing mistakes, mostly. Spark would refuse the whole file, and its other rows with it."""
    days = dt.date(1, 1, 1), dt.date(24, 5, 1), dt.date(1582, 10, 10), dt.date(9999, 12, 31)
    moments = [dt.datetime.combine(day, dt.time(1, 2, 3, 4)) for day in days]
    op, seq = ("I", 0) if name == LOAD else ("U", 1)
    given = [
        invoices.row(op, seq, id=str(n), issue_date=day, created_at=moment)
        for n, (day, moment) in enumerate(zip(days, moments, strict=True))
    ]
    invoices.put(name, *given, invoices.row(op, seq, id="other"))
    assert invoices.run().rows_accepted == 5
    # An upsert copies the rows that it does not touch.
    invoices.put(cdc_name(2), invoices.row("U", 2, id="other"))
    invoices.run()
    found = invoices.rows("issue_date", "created_at")
    assert [found[str(n)] for n in range(4)] == list(zip(days, moments, strict=True))


# What is written of an order was compared with the stored rows before; of an invoice it was not.
@pytest.mark.parametrize("table", ["order", "invoice"])
def test_an_older_change_in_a_later_file_never_wins(lake, table):
    rows = lake(table)
    rows.put(LOAD, rows.row("I", 0, id="a"))
    rows.put(cdc_name(1), rows.row("U", 7, id="a", status="newer"))
    rows.run()

    rows.put(cdc_name(2), rows.row("U", 6, id="a", status="older"))
    rows.run()

    assert rows.rows("status", "source_seq")["a"] == ("newer", sequence(7))


def test_a_delete_leaves_a_tombstone_that_an_older_insert_cannot_revive(orders):
    orders.put(cdc_name(1), orders.row("I", 3, id="a"))
    orders.put(cdc_name(2), orders.row("D", 8, id="a", metadata='{"street": "x"}'))
    assert orders.run().rows_deleted == 1

    orders.put(cdc_name(3), orders.row("I", 3, id="a"), orders.row("U", 4, id="a"))
    orders.run()

    assert orders.rows("is_deleted", "source_op", "metadata")["a"] == (True, "D", None)


def test_a_row_created_again_after_its_delete_lives(invoices):
    invoices.put(cdc_name(1), invoices.row("I", 1, id="a"), invoices.row("D", 2, id="a"))
    invoices.run()
    again = invoices.row("I", 3, id="a", status="pending", created_at=dt.datetime(2026, 6, 1))
    invoices.put(cdc_name(2), again)
    invoices.run()

    assert invoices.rows("is_deleted", "status") == {"a": (False, "pending")}


def test_changes_of_one_transaction_are_ordered_by_sequence_not_by_time(invoices):
    rows = [invoices.row(op, n, id="a") for n, op in enumerate("IUUDIUD", start=1)]
    random.Random(7).shuffle(rows)
    invoices.put(cdc_name(1), *rows)

    result = invoices.run()

    assert (result.rows_read, result.rows_accepted, result.rows_superseded) == (7, 1, 6)
    assert invoices.rows("is_deleted", "source_seq")["a"] == (True, sequence(7))


def test_nothing_new_makes_no_commit(invoices):
    invoices.put(LOAD, invoices.row("I", 0, id="a"))
    invoices.run()
    commits = sorted((invoices.path / ".hoodie").glob("*.commit"))

    result = invoices.run()

    assert (result.files, result.instant) == (0, None)
    assert sorted((invoices.path / ".hoodie").glob("*.commit")) == commits


def test_a_file_that_arrives_late_for_an_old_day_is_read_once(invoices):
    for day in ("2026/01/01", "2026/01/02", "2026/01/03", "2026/01/04", "2026/01/05"):
        invoices.put(cdc_name(1, day), invoices.row("I", int(day[-2:]), id=day))
    invoices.run()

    invoices.put(cdc_name(2, "2026/01/01"), invoices.row("I", 99, id="late"))

    assert invoices.run().rows_accepted >= 1
    assert "late" in invoices.rows()
    assert invoices.run().files == 0


def test_a_reload_that_overwrites_a_load_file_is_read_again(invoices):
    invoices.put(LOAD, invoices.row("I", 0, id="a"))
    invoices.run()
    invoices.put(LOAD, invoices.row("I", 0, id="a"), invoices.row("I", 0, id="b"))
    invoices.run()
    assert set(invoices.rows()) == {"a", "b"}


def test_temporary_files_are_not_read(invoices):
    path = invoices.put(LOAD, invoices.row("I", 0, id="a"))
    (path.parent / "_LOAD00000002.parquet.tmp").write_bytes(b"half a file")
    (path.parent / ".LOAD00000003.parquet.crc").write_bytes(b"x")
    assert invoices.run().files == 1


def test_a_column_of_another_type_is_named(orders, contracts):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = orders.put(LOAD, orders.row("I", 0, id="a"))
    table = pq.read_table(path)
    position = table.schema.get_field_index("subtotal")
    pq.write_table(table.set_column(position, "subtotal", pa.array(["11.25"])), path)

    with pytest.raises(UnreadableBronzeError, match=r"column subtotal is string.*decimal\(12,2\)"):
        orders.run()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"id": None}, "no_key:id"),
        ({"tenant_id": None}, "no_key:tenant_id"),
        ({"Op": "X"}, "unknown_operation"),
        ({"dms_change_seq": "12"}, "malformed_sequence"),
    ],
)
def test_a_row_without_key_or_place_in_the_log_stops_the_table(invoices, values, code):
    invoices.put(
        cdc_name(1), invoices.row("I", 1, id="a"), {**invoices.row("I", 2, id="b"), **values}
    )
    with pytest.raises(UntypableRowsError, match=f"1 of 2 rows.*{code}"):
        invoices.run()
    assert not invoices.path.exists()


def test_an_untypable_boolean_is_named(lake):
    products = lake("product")
    products.put(LOAD, products.row("I", 0, id="a", is_active="maybe"))
    with pytest.raises(UntypableRowsError, match="untypable:is_active"):
        products.run()


def test_a_full_load_without_op_column_value_is_an_insert(invoices):
    invoices.put(LOAD, invoices.row(None, 0, id="a"), invoices.row("", 0, id="b"))
    invoices.run()
    assert invoices.rows("source_op") == {"a": ("I",), "b": ("I",)}


def test_a_tenant_is_its_own_tenant(lake):
    tenants = lake("tenant")
    tenants.put(LOAD, tenants.row("I", 0, id="t1"))
    tenants.run()
    assert tenants.rows("tenant_id") == {"t1": ("t1",)}


def test_the_table_is_what_athena_reads(invoices):
    invoices.put(LOAD, invoices.row("I", 0, id="a"))
    invoices.run()
    text = (invoices.path / ".hoodie" / "hoodie.properties").read_text()
    properties = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    assert properties["hoodie.table.version"] == "6"
    assert properties["hoodie.table.type"] == "COPY_ON_WRITE"
    assert properties["hoodie.table.recordkey.fields"] == "tenant_id,id"
    assert properties["hoodie.table.precombine.field"] == "source_order"
    assert properties["hoodie.table.timeline.timezone"] == "UTC"
    # A Bloom filter would be half a megabyte that every reader parses and nobody asks.
    (file,) = invoices.path.glob("*.parquet")
    assert not [key for key in pq.read_metadata(file).metadata if b"bloom" in key]
    assert file.stat().st_size < 100_000


def test_one_broken_table_does_not_hold_up_the_others(spark, tmp_path, contracts):
    order, product = contracts["order"], contracts["product"]
    write_bronze(tmp_path / "bronze", product, LOAD, [bronze_row(product, "I", 0, id="p")])
    bad = write_bronze(tmp_path / "bronze", order, LOAD, [])
    bad.write_bytes(b"no")

    with pytest.raises(UnreadableBronzeError, match="core_order"):
        run_tables(
            spark, [order, product], bronze=str(tmp_path / "bronze"), silver=str(tmp_path / "s")
        )

    assert (tmp_path / "s" / "product" / ".hoodie").is_dir()
    assert not (tmp_path / "s" / "order").exists()


def test_what_comes_while_a_table_waits_for_its_turn_is_read(invoices):
    invoices.put(cdc_name(1), invoices.row("I", 1, id="a"))
    told = []

    def on_start(table):
        told.append(table)
        invoices.put(cdc_name(2), invoices.row("I", 2, id="b"))

    run_tables(
        invoices.spark,
        [invoices.contract],
        bronze=str(invoices.bronze),
        silver=str(invoices.silver),
        on_start=on_start,
    )
    assert told == ["invoice"]
    assert set(invoices.rows("status")) == {"a", "b"}
