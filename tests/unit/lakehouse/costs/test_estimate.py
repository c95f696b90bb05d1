import re
from dataclasses import replace

import pytest

from lakehouse.costs.estimate import Volumes, estimate, load_prices
from lakehouse.costs.settings import Settings, read_settings, runs_per_month
from lakehouse.errors import LakehouseError
from lakehouse.state import REPOSITORY

DEV = Settings(
    dms_class="dms.t3.medium",
    database_class="db.t4g.medium",
    multi_az=False,
    endpoint_zones=1,
    runs=30.4,
    crawls=30.4,
    tables=8,
    tenants=2,
)


def lines(settings=DEV, **volumes):
    return {x.what: x.usd for x in estimate(settings, Volumes(**volumes), load_prices())}


def test_the_instance_costs_its_hours_and_its_disk():
    assert lines()["DMS instance and disk"] == pytest.approx(730 * 0.073 + 50 * 0.115)


def test_a_standby_doubles_the_instance():
    assert lines(replace(DEV, multi_az=True))["DMS instance and disk"] == pytest.approx(
        2 * lines()["DMS instance and disk"]
    )


def test_glue_jobs_cost_runs_times_tables_times_dpu_hours():
    assert lines(job_minutes=3)["Glue jobs"] == pytest.approx(30.4 * 8 * 3 / 60 * 2 * 0.44)


def test_a_short_job_is_billed_a_minute():
    assert lines(job_minutes=0.1) == lines(job_minutes=1)


@pytest.mark.parametrize(
    ("kind", "line"),
    [("public", "NAT gateway"), ("vpn", "VPN connection"), ("rds", "Source database")],
)
def test_a_source_adds_what_reaches_it(kind, line):
    assert set(lines(source_kind=kind)) - set(lines()) == {line}


def test_an_alarm_over_an_expression_is_billed_by_its_metrics():
    one_more = lines(replace(DEV, tables=9))["Alarms and dashboard"]
    assert one_more - lines()["Alarms and dashboard"] == pytest.approx(3 * 0.1)


def test_a_size_without_a_price_is_refused_by_name():
    with pytest.raises(LakehouseError, match=r"dms\.x\.huge.*prices\.yaml"):
        lines(replace(DEV, dms_class="dms.x.huge"))


def test_an_unknown_kind_of_source_is_refused():
    with pytest.raises(LakehouseError, match="private, public, vpn, rds"):
        lines(source_kind="file")


@pytest.mark.parametrize(
    ("schedule", "runs"),
    [
        ("rate(10 minutes)", 4377.6),
        ("rate(1 hour)", 729.6),
        ("rate(1 day)", 30.4),
        ("cron(0 * * * ? *)", 729.6),
        ("cron(0 3 * * ? *)", 30.4),
    ],
)
def test_schedules_are_counted(schedule, runs):
    assert runs_per_month(schedule) == pytest.approx(runs)


def test_a_schedule_that_cannot_be_counted_is_refused():
    with pytest.raises(LakehouseError, match="cannot count"):
        runs_per_month("cron(0 8-18 ? * MON-FRI *)")


def test_sizes_come_from_terraform():
    dev, prod = (read_settings(REPOSITORY, name) for name in ("dev", "prod"))
    assert (dev.dms_class, dev.multi_az, dev.endpoint_zones) == ("dms.t3.medium", False, 1)
    assert (prod.dms_class, prod.multi_az, prod.endpoint_zones) == ("dms.r6i.large", True, 2)
    assert prod.runs > dev.runs
    assert prod.crawls == pytest.approx(24 * dev.crawls)
    assert dev.tenants == 2


@pytest.mark.parametrize("kind", ["private", "public", "vpn", "rds"])
def test_dev_stays_under_200_usd_however_the_source_is_reached(kind):
    settings = read_settings(REPOSITORY, "dev")
    assert sum(lines(settings, source_kind=kind).values()) < 200


def test_the_document_has_the_totals_of_the_command():
    text = (REPOSITORY / "docs/COST_ESTIMATION.md").read_text()
    rows = re.findall(r"^\| (dev|prod), (\w+).*? \| ([\d,]+) USD \|", text, re.MULTILINE)
    assert len(rows) == 4
    for environment, kind, total in rows:
        settings = read_settings(REPOSITORY, environment)
        assert round(sum(lines(settings, source_kind=kind.lower()).values())) == int(
            total.replace(",", "")
        )


def test_an_unknown_environment_names_the_known_ones():
    with pytest.raises(LakehouseError, match="dev, prod"):
        read_settings(REPOSITORY, "staging")
