"""What does not fit is kept with its reason, counted, and can be tried again."""

import gzip
import json

import pytest

from spark_bronze_to_silver.accounts import Accounts
from spark_bronze_to_silver.errors import (
    UnknownEntryError,
    UnreadableBronzeError,
    UntypableRowsError,
)
from spark_bronze_to_silver.quarantine import Quarantine
from spark_bronze_to_silver.redrive import discard, redrive_table
from spark_bronze_to_silver.to_silver import places
from tests.fakes.bronze import cdc_name

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"
LENIENT = {"quarantine_limit": 1.0}


def entries(lake, *columns):
    frame = Quarantine(lake.spark, lake.contract, str(lake.silver)).entries()
    return sorted(tuple(r) for r in frame.select(*columns).collect())


def places_of(lake):
    return places(lake.spark, lake.contract, bronze=str(lake.bronze), silver=str(lake.silver))


def redrive(lake):
    return redrive_table(places_of(lake))


def counts(result):
    return (
        result.rows_read,
        result.rows_accepted,
        result.rows_superseded,
        result.rows_quarantined,
    )


@pytest.fixture
def products(lake):
    return lake("product")


def test_a_few_bad_rows_are_kept_with_file_reason_values_and_version(products):
    good = [products.row("U", n, id=str(n)) for n in range(1, 200)]
    bad = products.row("I", 500, id="bad", is_active="maybe", price=None, name='say "hi"\n')
    products.put(cdc_name(1), *good, bad)

    assert counts(products.run()) == (200, 199, 0, 1)

    assert "bad" not in products.rows()
    ((file, reason, rows, version, state, raw),) = entries(
        products, "file", "reason", "rows", "contract_version", "state", "raw"
    )
    assert (file, reason, rows, state) == (cdc_name(1), "untypable:is_active", 1, "open")
    assert version == products.contract.version
    values = json.loads(raw)
    assert (values["name"], values["is_active"], values["stock_quantity"]) == (
        'say "hi"\n',
        "maybe",
        "3",
    )
    assert values["created_at"] == "2026-01-02 03:04:05.678901"


def test_reading_a_file_again_adds_no_entry_and_reopens_none(products):
    bad = products.row("I", 2, id="b", is_active="maybe")
    path = products.put(cdc_name(1), products.row("I", 1, id="a"), bad, bad)
    products.run(**LENIENT)
    before = entries(products, "file", "row_hash", "rows", "first_seen_at")
    assert [e[2] for e in before] == [2]

    path.touch()
    assert counts(products.run(**LENIENT)) == (3, 1, 0, 2)
    assert entries(products, "file", "row_hash", "rows", "first_seen_at") == before

    assert discard(places_of(products)) == 1
    path.touch()
    products.run(**LENIENT)
    assert entries(products, "state", "raw") == [("discarded", None)]


def test_a_share_above_the_limit_fails_and_commits_nothing(products):
    rows = [products.row("I", n, id=str(n)) for n in range(1, 99)]
    bad = [products.row("I", 100 + n, id=f"b{n}", is_active="maybe") for n in range(2)]
    products.put(cdc_name(1), *rows, *bad)
    with pytest.raises(UntypableRowsError, match=r"2 of 100 rows.*limit of 1.00%"):
        products.run()
    assert not products.silver.exists()


def test_a_truncated_or_empty_change_file_is_kept_and_the_others_go_on(orders):
    orders.put(LOAD, orders.row("I", 0, id="a"))
    orders.run()
    whole = orders.put(cdc_name(1).replace(".parquet", ".csv.gz"), orders.row("I", 1, id="b"))
    content = gzip.compress(gzip.decompress(whole.read_bytes()) * 5000, 1)
    whole.write_bytes(content[: len(content) // 2])
    orders.put(cdc_name(2), orders.row("I", 2, id="c"))

    result = orders.run()

    assert (result.files, result.files_quarantined) == (2, 1)
    assert set(orders.rows()) == {"a", "c"}
    assert [e[:2] for e in entries(orders, "reason", "rows")] == [("unreadable_file", 0)]

    orders.put(cdc_name(3)).write_bytes(b"")
    assert orders.run().files_quarantined == 1
    assert {e[0] for e in entries(orders, "reason")} == {"unreadable_file", "empty_file"}


def test_a_full_load_file_is_never_left_out(orders):
    """Its rows would be missing from the snapshot, and so count as deleted."""
    orders.put(LOAD, orders.row("I", 0, id="a"))
    orders.put("LOAD00000002.parquet").write_bytes(b"PAR1")
    with pytest.raises(UnreadableBronzeError, match="LOAD00000002.parquet"):
        orders.run(**LENIENT)
    assert not orders.path.exists()


def test_several_broken_files_above_the_limit_stop_the_table(orders):
    for number in range(4):
        orders.put(cdc_name(number)).write_bytes(b"no Parquet")
    with pytest.raises(UnreadableBronzeError, match="4 of 4 files"):
        orders.run()


def test_a_redrive_after_the_mend_merges_by_the_same_rules_and_once(products, monkeypatch):
    """The mend is a contract whose type takes the value: true and false become any word."""
    products.put(cdc_name(1), products.row("I", 1, id="a"), products.row("I", 3, id="c"))
    maybe = [products.row("U", n, id="a", is_active="T", stock_quantity=n) for n in (5, 6)]
    products.put(cdc_name(2), *maybe, products.row("I", 2, id="b", is_active="?"))
    products.run(**LENIENT)
    assert redrive(products).rows_left == 3

    import spark_bronze_to_silver.conform as conform

    strict = conform._typed

    def mended(column, *, is_text):
        from pyspark.sql import functions as F  # noqa: N812

        value = F.col(column.name)
        is_flag = column.name == "is_active"
        return F.when(value == "T", True) if is_flag else strict(column, is_text=is_text)

    monkeypatch.setattr(conform, "_typed", mended)
    monkeypatch.setattr(conform, "_conformed", conform._conformed.__wrapped__)
    done = redrive(products)

    assert (done.rows, done.rows_left) == (2, 1)
    assert products.rows("stock_quantity") == {"a": (6,), "c": (3,)}
    assert entries(products, "state", "rows") == [("open", 1), ("redriven", 1), ("redriven", 1)]
    assert (redrive(products).rows, redrive(products).rows_left) == (0, 1)
    totals = Accounts.from_json(
        products.table.notes()["totals"],
    )
    assert totals.agree and counts(totals) == (5, 2, 0, 3)


def test_a_line_with_too_few_fields_is_kept_as_it_is(orders):
    path = orders.put(cdc_name(1).replace(".parquet", ".csv"), orders.row("I", 1, id="a, b"))
    line = path.read_text()
    short = line.rstrip("\n").rpartition(",")[0]
    path.write_text(line + short + "\n")
    orders.run(**LENIENT)
    ((reason, raw),) = entries(orders, "reason", "raw")
    assert reason == "wrong_number_of_fields" and json.loads(raw)["_malformed"].strip() == short
    assert redrive(orders).rows_left == 1


def test_a_restored_file_is_redriven(orders):
    orders.put(cdc_name(1), orders.row("I", 1, id="a"))
    path = orders.put(cdc_name(2), orders.row("I", 2, id="b"))
    content = path.read_bytes()
    path.write_bytes(content[:50])
    orders.run()
    assert redrive(orders).files_left == 1

    path.write_bytes(content)
    done = redrive(orders)

    assert (done.files, done.files_left) == (1, 0)
    assert set(orders.rows()) == {"a", "b"}
    assert entries(orders, "state") == [("redriven",)]
    assert orders.run().rows_accepted == 1  # its identity is new, so it is read once more


def test_an_entry_that_is_not_there_is_named(orders):
    with pytest.raises(UnknownEntryError, match="no open entry of the quarantine begins with 'ab'"):
        discard(places_of(orders), ["ab"])
