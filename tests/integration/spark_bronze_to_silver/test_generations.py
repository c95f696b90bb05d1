"""A full load replaces the snapshot: what it does not hold is gone, whatever arrives when."""

import datetime as dt

import pytest

from spark_bronze_to_silver.errors import MixedLoadTimesError, SilverJobError, StaleTableError
from tests.fakes.bronze import COMMITTED_AT, cdc_name, sequence

pytestmark = pytest.mark.spark

FIRST, SECOND = "LOAD00000001.parquet", "LOAD00000002.parquet"
RELOADED_AT = "2026-01-02 03:04:06.000000"
AFTER_RELOAD = "2026010203040600" + "1".zfill(19)
JUST_BELOW = "2026010203040599" + "9" * 19


def reloaded(invoices, key, **values):
    return invoices.row("I", 0, id=key, dms_committed_at=RELOADED_AT, **values)


def live(invoices):
    return {key for key, (is_deleted,) in invoices.rows("is_deleted").items() if not is_deleted}


def test_a_row_deleted_between_two_full_loads_is_gone(invoices):
    invoices.put(FIRST, *[invoices.row("I", 0, id=key) for key in "abc"])
    invoices.run()
    invoices.put(FIRST, reloaded(invoices, "a"), reloaded(invoices, "c"))

    result = invoices.run()

    assert (result.rows_accepted, result.rows_absent, result.rows_deleted) == (2, 1, 1)
    assert live(invoices) == {"a", "c"}
    technical = ("source_op", "source_seq", "source_order", "source_committed_at", "amount")
    assert invoices.rows(*technical)["b"] == (
        "D",
        JUST_BELOW,
        JUST_BELOW,
        dt.datetime(2026, 1, 2, 3, 4, 6),
        None,
    )


def test_a_loaded_row_wins_over_an_older_change(invoices):
    invoices.put(FIRST, invoices.row("I", 0, id="a"))
    invoices.put(cdc_name(1), invoices.row("U", 9, id="a", status="processing"))
    invoices.run()
    invoices.put(SECOND, reloaded(invoices, "a", status="completed"))
    invoices.run()

    assert invoices.rows("status", "source_seq")["a"] == ("completed", "0" * 35)


def test_changes_from_before_a_reload_bring_nothing_back(invoices):
    invoices.put(FIRST, invoices.row("I", 0, id="a"))
    invoices.put(SECOND, reloaded(invoices, "a", status="completed"))
    invoices.run()
    before = [invoices.row("U", 3, id="a", status="pending"), invoices.row("I", 4, id="b")]
    invoices.put(cdc_name(1), *before, invoices.row("I", 0, id="c", dms_change_seq=AFTER_RELOAD))
    invoices.run()

    assert live(invoices) == {"a", "c"}
    assert invoices.rows("status")["a"] == ("completed",)


def test_a_file_of_the_load_that_arrives_late_brings_its_rows_back(invoices):
    invoices.put(FIRST, invoices.row("I", 0, id="a"), invoices.row("I", 0, id="b"))
    invoices.run()
    invoices.put(FIRST, reloaded(invoices, "a"))
    invoices.run()
    assert live(invoices) == {"a"}

    invoices.put(SECOND, reloaded(invoices, "b"))
    invoices.run()

    assert live(invoices) == {"a", "b"}


def test_a_table_that_was_empty_at_the_reload_is_emptied_by_the_loads_start(invoices):
    invoices.put(FIRST, invoices.row("I", 0, id="a"))
    invoices.run()
    start = dt.datetime(2026, 1, 2, 4, 4, 6, tzinfo=dt.timezone(dt.timedelta(hours=1)))

    assert invoices.run(load_started=start).rows_absent == 1

    assert live(invoices) == set()
    assert invoices.run(load_started=start).instant is None
    invoices.put(cdc_name(1), invoices.row("I", 5, id="b"))
    invoices.run()
    assert live(invoices) == set()


def test_a_load_without_a_time_sorts_before_every_change_and_removes_nothing(invoices):
    invoices.put(FIRST, invoices.row("I", 0, id="a", dms_committed_at=None))
    invoices.put(cdc_name(1), invoices.row("U", 1, id="a", status="completed"))
    invoices.run()
    invoices.put(SECOND, invoices.row("I", 0, id="b", dms_committed_at=None))
    invoices.run()

    assert invoices.rows("status", "source_order")["a"] == ("completed", sequence(1))
    assert live(invoices) == {"a", "b"}


def test_a_file_whose_rows_have_times_of_their_own_is_refused(invoices):
    invoices.put(FIRST, invoices.row("I", 0, id="a"), reloaded(invoices, "b"))
    with pytest.raises(MixedLoadTimesError, match="UseTaskStartTimeForFullLoadTimestamp"):
        invoices.run()
    assert not invoices.path.exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"dms_change_seq": ""}, "missing_sequence"),
        ({"dms_committed_at": "yesterday"}, "untypable:dms_committed_at"),
    ],
)
def test_a_change_without_its_place_in_time_is_named(invoices, values, code):
    invoices.put(cdc_name(1), invoices.row("U", 1, id="a") | values)
    with pytest.raises(SilverJobError, match=code):
        invoices.run()


def test_a_table_of_an_older_job_is_refused_with_what_to_do(invoices):
    invoices.put(FIRST, invoices.row("I", 0, id="a", dms_committed_at=COMMITTED_AT))
    invoices.run()
    file = invoices.path / ".hoodie" / "hoodie.properties"
    file.write_text(file.read_text().replace("=source_order", "=source_seq"))
    for checksum in file.parent.glob(".hoodie.properties.crc"):
        checksum.unlink()
    with pytest.raises(StaleTableError, match="Delete that folder and run the job again"):
        invoices.run()
