"""Silver as it was: the right files for each moment, and a refusal where they are gone."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lakehouse.checks.table_health import table_healths
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.silver_as_of import open_silver_as_of
from lakehouse.homes.embedded.silver_relations import current_files
from lakehouse.homes.embedded.time_travel import read_timeline
from spark_bronze_to_silver.errors import UnreachableInstantError
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.savepoints import write_client
from spark_bronze_to_silver.to_silver import run_table
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze

pytestmark = [pytest.mark.spark, pytest.mark.slow]

COMMITS = 8
KEEP_TWO = {
    "hoodie.cleaner.policy": "KEEP_LATEST_COMMITS",
    "hoodie.clean.policy": "KEEP_LATEST_COMMITS",
    "hoodie.cleaner.commits.retained": "2",
    "hoodie.clean.commits.retained": "2",
    "hoodie.keep.min.commits": "4",
    "hoodie.keep.max.commits": "5",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("time-travel")


@pytest.fixture(scope="module")
def moments(spark, contracts, folder) -> list[datetime]:
    """When each of eight commits of one invoice was complete; the table keeps the last few."""
    invoice, moments = contracts["invoice"], []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HudiTable, "_services", lambda table: KEEP_TWO)
        for number in range(1, COMMITS + 1):
            rows = [bronze_row(invoice, "U", number, id="a", invoice_number=f"n{number}")]
            write_bronze(folder / "bronze", invoice, cdc_name(number), rows)
            run_table(spark, invoice, bronze=f"{folder}/bronze", silver=f"{folder}/silver")
            moments.append(datetime.now(UTC))
            time.sleep(0.01)
            if number == 3:
                instant = read_timeline(folder / "silver" / "invoice").commits[-1]
                set_savepoint(spark, f"{folder}/silver/invoice", instant)
    return moments


def set_savepoint(spark, path: str, instant: str) -> None:
    """As an operator does with Hudi's own tools, and not as the job does."""
    with write_client(spark, path) as client:
        client.savepoint(instant, "test", "kept on purpose")


def test_the_job_finds_the_same_states(moments, spark, folder):
    """Among them a savepoint that is not the job's own."""
    table = HudiTable(spark, "invoice", f"{folder}/silver/invoice", ("tenant_id", "id"))
    found = read_timeline(folder / "silver" / "invoice")
    assert [savepoint.until for savepoint in found.savepoints] == [None]
    assert table.timeline() == found


@pytest.fixture
def number_at(folder, contracts):
    def ask(moment: datetime) -> str:
        sql = "select invoice_number from lakehouse_silver.invoice"
        with open_silver_as_of(folder / "silver", contracts.values(), sql, moment) as (db, _):
            return db.execute(sql).fetchone()[0]

    return ask


def test_every_moment_has_the_right_state_or_is_refused(moments, number_at):
    """Without the check hudi-rs would answer for all eight, for some with an older state."""
    answers = []
    for moment in moments:
        try:
            answers.append(number_at(moment))
        except UnreachableInstantError:
            answers.append(None)
    assert answers[-2:] == [f"n{COMMITS - 1}", f"n{COMMITS}"]
    assert answers[0] is None
    assert all(a in (None, f"n{n}") for n, a in enumerate(answers, start=1))


def test_the_refusal_says_what_can_be_read(moments, number_at, folder):
    timeline = read_timeline(folder / "silver" / "invoice")
    first = timeline.commits[0]
    with pytest.raises(UnreachableInstantError) as refused:
        number_at(moments[0] - timedelta(days=1))
    shown = f"{first[:4]}-{first[4:6]}-{first[6:8]} {first[8:10]}:{first[10:12]}:{first[12:14]}"
    assert f"as of {shown} UTC or later" in str(refused.value)
    assert "savepoints" in str(refused.value)


def test_a_savepoint_keeps_one_older_state(moments, number_at, folder):
    (savepoint,) = read_timeline(folder / "silver" / "invoice").savepoints
    at = datetime.strptime(savepoint.instant[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    assert number_at(at) == "n3"
    with pytest.raises(UnreachableInstantError):
        number_at(at - timedelta(seconds=1))


def test_the_tables_health_counts_files_commits_and_rows_and_finds_what_was_cleaned(
    moments, folder, contracts
):
    """One row that each commit changed, in one file that each wrote anew."""
    health, *_ = table_healths(folder / "silver", [contracts["invoice"]])
    timeline = read_timeline(folder / "silver" / "invoice")
    current = current_files(folder / "silver" / "invoice")
    assert (health.table, health.files) == ("invoice", len(current) == 1)
    assert health.size == Path(current[0]).stat().st_size < health.stored
    assert health.rows_changed == health.rows_written == len(health.commits) <= COMMITS
    assert health.oldest == timeline.commits[0]
    assert health.pending == ()
    (problem,) = health.problems(datetime.now(UTC), 7)
    assert "not for the 7 days promised" in problem
    begun = folder / "silver" / "invoice" / ".hoodie" / "20260101000000000.commit.requested"
    begun.touch()
    health, *_ = table_healths(folder / "silver", [contracts["invoice"]])
    begun.unlink()
    assert health.pending == ("20260101000000000",)


def test_now_is_the_last_commit(moments, number_at):
    assert number_at(datetime.now(UTC)) == f"n{COMMITS}"


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select * from lakehouse_gold.mrr_metrics", "only Silver is kept"),
        ("select * from", "cannot be read"),
        ("select * from lakehouse_silver.customer", "customer cannot be read"),
    ],
)
def test_what_has_no_past_is_refused(moments, folder, contracts, sql, message):
    with (
        pytest.raises((LakehouseError, UnreachableInstantError), match=message),
        open_silver_as_of(folder / "silver", contracts.values(), sql, datetime.now(UTC)),
    ):
        pass
