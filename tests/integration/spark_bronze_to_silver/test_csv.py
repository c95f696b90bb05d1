"""Delimited Bronze files, which have no header, give the same Silver as Parquet."""

import datetime as dt
from decimal import Decimal

import pytest

from spark_bronze_to_silver.errors import UntypableRowsError
from tests.fakes.bronze import cdc_name

pytestmark = pytest.mark.spark

TEXTS = ["", '"', '""', ",", "\n", "\r\n", " lead", "trail ", "a,b", 'say "hi"', "null", "#x"]
TEXTS += ["two\nlines, and\r\nmore", "tab\t", "\\", '\\"', "日本", "\u2028", "{'a': [1]}", "'", "-"]
LOAD = "LOAD00000001"


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_the_same_rows_in_both_formats_give_the_same_silver(lake, suffix):
    parquet, text = lake("product", "parquet"), lake("product", "text")
    rows = [parquet.row("I", 0, id=f"r{n}", name=value) for n, value in enumerate(TEXTS)]
    rows += [
        parquet.row("I", 0, id="null", description=None),
        parquet.row("I", 0, id="small", price=Decimal("-0.01"), stock_quantity=-(2**31)),
        parquet.row("I", 0, id="old", created_at=dt.datetime(1900, 1, 1, 0, 0, 0, 1)),
    ]
    changes = [parquet.row("U", 4, id="r1", name="new"), parquet.row("D", 5, id="r2")]
    parquet.put(f"{LOAD}.parquet", *rows)
    parquet.put(cdc_name(1), *changes)
    text.put(f"{LOAD}{suffix}", *rows)
    text.put(cdc_name(1).replace(".parquet", suffix), *changes)

    # The contract wants a description: null and empty text are told apart all the same.
    lenient = {"enforce_quality": False}
    assert parquet.run(**lenient).rows_read == text.run(**lenient).rows_read == len(rows) + 2

    assert text.content() == parquet.content()
    assert text.rows("name")["r16"] == (TEXTS[16],)


def test_both_formats_may_stand_in_one_batch(orders):
    orders.put(f"{LOAD}.csv.gz", orders.row("I", 0, id="a"), orders.row("I", 0, id="b"))
    orders.put(cdc_name(1), orders.row("U", 1, id="a", status="completed"))
    orders.run()
    assert orders.rows("status", "source_op") == {"a": ("completed", "U"), "b": ("word", "I")}


def test_a_line_of_column_names_is_no_row(orders):
    path = orders.put(f"{LOAD}.csv", orders.row("I", 0, id="a"))
    names = ["Op", "dms_committed_at", *(c.name for c in orders.contract.columns), "dms_change_seq"]
    path.write_text(",".join(names) + "\n" + path.read_text())
    assert orders.run().rows_read == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda line: line + ",more", "wrong_number_of_fields"),
        (lambda line: line.rpartition(",")[0], "wrong_number_of_fields"),
        (lambda line: line.replace("11.25", "11.2.5", 1), "untypable:subtotal"),
        (
            lambda line: line.replace("2026-01-02 03:04:05.678901", "2026", 1),
            "untypable:order_date",
        ),
    ],
)
def test_a_line_that_does_not_fit_is_named(orders, change, code):
    path = orders.put(f"{LOAD}.csv", orders.row("I", 0, id="a"), orders.row("I", 0, id="b"))
    first, second = path.read_text().splitlines()
    path.write_text(f"{first}\n{change(second)}\n")
    with pytest.raises(UntypableRowsError, match=code):
        orders.run()


def test_a_whole_number_with_a_fraction_is_not_cut_off(lake):
    products = lake("product")
    path = products.put(f"{LOAD}.csv", products.row("I", 0, id="a", stock_quantity=12345))
    path.write_text(path.read_text().replace("12345", "12.7"))
    with pytest.raises(UntypableRowsError, match="untypable:stock_quantity"):
        products.run()


def test_files_of_every_date_folder_are_read(orders):
    for number, folder in enumerate(("", "2026-01-02/", "2026010203/", "01_2026_02/"), start=1):
        name = f"{folder}20260102-{number:09d}.parquet"
        orders.put(name, orders.row("I", number, id=str(number)))
    assert orders.run().files == 4
    assert set(orders.rows()) == {"1", "2", "3", "4"}
