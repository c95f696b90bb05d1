"""A table that is written often: its old states stay as one an hour, on a short timeline."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lakehouse.checks.table_health import table_healths
from lakehouse.demo.backdating import backdate
from lakehouse.homes.embedded.silver_as_of import open_silver_as_of
from lakehouse.homes.embedded.time_travel import read_timeline
from spark_bronze_to_silver.errors import UnreachableInstantError
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.instants import instant_of
from spark_bronze_to_silver.retention import Retention
from spark_bronze_to_silver.savepoints import write_client
from spark_bronze_to_silver.to_silver import run_table
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze

pytestmark = [pytest.mark.spark, pytest.mark.slow]

DAYS, KEPT = 1, 3
# Minutes before this hour began: two in most hours, and one that is older than the days by now.
MINUTES = (25 * 60, 400, 385, 340, 320, 280, 265, 220, 205, 160, 145, 100, 85)
NOW = "select invoice_number from lakehouse_silver.invoice"


@pytest.fixture(scope="module")
def hour() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("savepoints")


@pytest.fixture(scope="module")
def written(spark, contracts, folder, hour) -> list[str]:
    """The instants of the commits, each of which gave one invoice the number of its place."""
    instants, lake = [], {"bronze": f"{folder}/bronze", "silver": f"{folder}/silver"}
    invoice, table = contracts["invoice"], folder / "silver" / "invoice"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spark_bronze_to_silver.retention.KEPT_COMMITS", KEPT)
        patch.setattr("spark_bronze_to_silver.retention.MIN_COMMITS", 2)
        patch.setattr("spark_bronze_to_silver.hudi_table.ARCHIVED_AT_ONCE", 1)
        for number, minutes in enumerate(MINUTES, start=1):
            row = bronze_row(invoice, "U", number, id="a", invoice_number=str(number))
            write_bronze(folder / "bronze", invoice, cdc_name(number), [row])
            done = run_table(spark, invoice, **lake, time_travel_days=DAYS)
            moment = hour - timedelta(minutes=minutes)
            instants.append(backdate(table, done.instant, moment))
    return instants


@pytest.fixture
def number_at(folder, contracts):
    def ask(moment: datetime) -> int | None:
        try:
            with open_silver_as_of(folder / "silver", contracts.values(), NOW, moment) as (db, _):
                return int(db.execute(NOW).fetchone()[0])
        except UnreachableInstantError:
            return None

    return ask


def states(written: list[str], moments) -> dict[datetime, int]:
    """The number that the invoice had."""
    return {m: sum(instant <= instant_of(m) for instant in written) for m in moments}


def test_every_full_hour_can_still_be_read(written, number_at, hour):
    expected = states(written, [hour - timedelta(hours=n) for n in range(24)])
    assert {moment: number_at(moment) for moment in expected} == expected


def test_other_old_moments_are_refused_and_never_answered_wrongly(written, number_at, hour):
    expected = states(written, [hour - timedelta(minutes=minutes - 1) for minutes in MINUTES])
    found = {moment: number_at(moment) for moment in expected}
    assert {m: n for m, n in found.items() if n not in (None, expected[m])} == {}
    refused = [expected[moment] for moment, number in found.items() if number is None]
    assert refused and set(refused) <= {2, 4, 6, 8, 10}


def test_the_job_finds_the_same_states_as_readers_without_java(written, spark, folder):
    table = HudiTable(spark, "invoice", f"{folder}/silver/invoice", ("tenant_id", "id"))
    found = read_timeline(folder / "silver" / "invoice")
    assert found.savepoints and found.commits
    assert table.timeline() == found
    missing = HudiTable(spark, "invoice", f"{folder}/silver/none", ("tenant_id", "id"))
    assert missing.timeline().instants == ()


def test_the_job_reads_a_savepoint_as_well(written, spark, folder):
    table = HudiTable(spark, "invoice", f"{folder}/silver/invoice", ("tenant_id", "id"))
    for savepoint in read_timeline(folder / "silver" / "invoice").savepoints:
        (row,) = table.rows_at(savepoint.instant, {"invoice_number": "string"}).collect()
        assert row.invoice_number == str(written.index(savepoint.instant) + 1)
        assert table.notes(until=savepoint.instant)


def test_the_timeline_and_the_files_of_other_states_are_gone(written, folder, contracts):
    table = folder / "silver" / "invoice"
    timeline = read_timeline(table)
    kept = {*timeline.commits, *(savepoint.instant for savepoint in timeline.savepoints)}
    assert len(timeline.savepoints) >= 3
    assert all(savepoint.until in written for savepoint in timeline.savepoints)
    on_timeline = {file.stem for file in (table / ".hoodie").glob("*.commit")}
    assert set(written) - on_timeline and len(on_timeline - kept) <= 2
    stored = {instant for instant in written if list(table.glob(f"*_{instant}.parquet"))}
    assert kept <= stored and set(written) - stored
    (health,) = table_healths(folder / "silver", [contracts["invoice"]])
    assert health.problems(datetime.now(UTC), DAYS) == []


def test_outdated_savepoints_go_unless_somebody_else_has_set_them(
    written, spark, folder, contracts, monkeypatch
):
    invoice, lake = contracts["invoice"], {k: f"{folder}/{k}" for k in ("bronze", "silver")}
    timeline, last = folder / "silver/invoice/.hoodie", written[-1]
    own = [file.stem for file in timeline.glob("*.savepoint")]
    with write_client(spark, f"{folder}/silver/invoice") as client:
        client.savepoint(last, "an operator", "kept on purpose")
    keep = Retention(24, 20, outdated=(*own, last))
    monkeypatch.setattr("spark_bronze_to_silver.hudi_table.retention", lambda *_, **__: keep)
    row = bronze_row(invoice, "U", 99, id="a", invoice_number="99")
    write_bronze(folder / "bronze", invoice, cdc_name(99), [row])
    run_table(spark, invoice, **lake)
    assert own and last not in own
    assert [file.stem for file in timeline.glob("*.savepoint")] == [last]
