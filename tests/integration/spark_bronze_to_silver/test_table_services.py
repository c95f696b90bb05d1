"""The table stays one that Athena reads, and its past stays readable for the days promised."""

import datetime as dt

import pytest

from spark_bronze_to_silver.errors import UnsupportedVersionError
from spark_bronze_to_silver.hudi_table import HudiTable, is_cleaning_due
from spark_bronze_to_silver.instants import instant_of, moment_of
from spark_bronze_to_silver.versions import hudi_version, require_versions
from tests.fakes.bronze import cdc_name, sequence

pytestmark = pytest.mark.spark


def rewrite(invoices, old, new):
    file = invoices.path / ".hoodie" / "hoodie.properties"
    file.write_text(file.read_text().replace(old, new))
    for checksum in file.parent.glob(".hoodie.properties.crc"):
        checksum.unlink()


def test_this_session_has_the_versions_of_glue_5_0(spark):
    require_versions(spark.version, hudi_version(spark))
    assert hudi_version(spark) == "0.15.0"


@pytest.mark.parametrize(
    ("versions", "word"),
    [
        (("3.4.1", "0.15.0"), "Spark 3.4.1"),
        (("3.5.6", "1.0.2"), "Hudi 1.0.2"),
        (("3.5.6", "0.150"), "Hudi 0.150"),
        (("3.5.6", None), "Hudi without a version"),
    ],
)
def test_other_versions_are_refused(versions, word):
    with pytest.raises(UnsupportedVersionError, match=f"{word}.*Glue 5.0"):
        require_versions(*versions)
    require_versions("3.5.4-amzn-0", "0.15.0-amzn-2")


@pytest.mark.parametrize(
    ("old", "new"),
    [("table.version=6", "table.version=5"), ("COPY_ON_WRITE", "MERGE_ON_READ")],
)
def test_a_table_that_athena_would_not_read_is_not_written(invoices, old, new):
    invoices.put(cdc_name(1), invoices.row("I", 1, id="a"))
    invoices.run()
    rewrite(invoices, old, new)
    invoices.put(cdc_name(2), invoices.row("I", 2, id="b"))
    with pytest.raises(UnsupportedVersionError, match="Delete that folder"):
        invoices.run()


def test_every_commit_of_the_promised_days_stays_on_the_timeline(invoices, monkeypatch):
    """Hudi's own archiving would forget commits that can still be read."""
    monkeypatch.setattr("spark_bronze_to_silver.retention.MIN_COMMITS", 2)
    monkeypatch.setattr("spark_bronze_to_silver.hudi_table.ARCHIVED_AT_ONCE", 1)
    for number in range(1, 7):
        invoices.put(
            cdc_name(number), invoices.row("U", number, id="a", invoice_number=str(number))
        )
        invoices.run()
    instants = sorted(p.stem for p in (invoices.path / ".hoodie").glob("*.commit"))
    assert len(instants) == 6 and not list((invoices.path / ".hoodie").glob("*.clean"))
    read = invoices.spark.read.format("hudi").option("as.of.instant", instants[0])
    assert [r.invoice_number for r in read.load(str(invoices.path)).collect()] == ["1"]


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [
        (None, dt.datetime(2026, 11, 21, 10, 0, 0, tzinfo=dt.UTC), True),
        ("20261121100000000", dt.datetime(2026, 11, 21, 10, 59, 59, tzinfo=dt.UTC), False),
        ("20261121105959999", dt.datetime(2026, 11, 21, 11, 0, 0, tzinfo=dt.UTC), True),
        ("20261121105959999", dt.datetime(2026, 11, 22, 10, 0, 0, tzinfo=dt.UTC), True),
    ],
)
def test_the_first_commit_of_an_hour_cleans(last, now, is_due):
    assert is_cleaning_due(last, now) is is_due


def test_states_from_before_the_promised_days_are_cleaned_away(invoices):
    for number in range(1, 4):
        invoices.put(cdc_name(number), invoices.row("U", number, id="a"))
        invoices.run()
    aged = age(invoices.path, dt.timedelta(days=8))
    for number in range(4, 6):
        invoices.put(cdc_name(number), invoices.row("U", number, id="a"))
        invoices.run()
    left = [instant for instant in aged if list(invoices.path.glob(f"*_{instant}.parquet"))]
    assert list((invoices.path / ".hoodie").glob("*.clean"))
    assert len(left) < len(aged) == 3
    assert invoices.rows("source_seq") == {"a": (sequence(5),)}


def age(table, by):
    """Let all commits of the table be older, by renaming them and their files; returns them."""
    instants = {}
    for commit in sorted((table / ".hoodie").glob("*.commit")):
        instants[commit.stem] = instant_of(moment_of(commit.stem) - by)
    for path in [p for p in table.rglob("*") if p.is_file()]:
        if path.suffix == ".crc":
            path.unlink()
            continue
        for old, new in instants.items():
            if path.parent.name == ".hoodie" and path.suffix == ".commit":
                path.write_text(path.read_text().replace(old, new))
            if old in path.name:
                path = path.rename(path.with_name(path.name.replace(old, new)))
    return list(instants.values())


def test_settings_of_the_services_follow_from_the_days(invoices):
    table = HudiTable(invoices.spark, "invoice", str(invoices.path), ("tenant_id", "id"))
    services = table._services()
    assert services["hoodie.cleaner.hours.retained"] == "168"
    assert int(services["hoodie.keep.min.commits"]) < int(services["hoodie.keep.max.commits"])


@pytest.mark.parametrize(("is_due", "setting"), [(True, "true"), (False, "false")])
def test_a_commit_cleans_only_when_it_is_due(invoices, monkeypatch, is_due, setting):
    monkeypatch.setattr(
        "spark_bronze_to_silver.hudi_table.is_cleaning_due", lambda last, now: is_due
    )
    assert invoices.table._services()["hoodie.clean.automatic"] == setting
