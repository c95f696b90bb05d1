"""Terraform's modules and roots: form, module tests, and a whole life in the AWS emulator.

In one file on purpose: a terraform process takes 0.7 GB, and tests of one file run one by one.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts import load_contracts
from lakehouse.homes.rehearsal.emulator import ACCOUNT, Emulator
from lakehouse.homes.rehearsal.terraform.deployment import SOURCE_PASSWORD, copy_repository
from lakehouse.homes.rehearsal.terraform.process import TerraformFailedError, cli_configuration
from lakehouse.state import REPOSITORY
from tests.terraform.deployment import STATE_BUCKET, Deployment
from tests.terraform.running_provider import RunningProvider, installed_binary
from tests.terraform.terraform_process import Terraform, require_terraform

TERRAFORM = REPOSITORY / "terraform"
TESTED = sorted(
    str(p.parent.parent.relative_to(TERRAFORM)) for p in TERRAFORM.rglob("*.tftest.hcl")
)
ROOTS = ("environments/dev", "environments/prod", "bootstrap")
# Once in `make test`; three in a row show that it was not luck.
CYCLES = int(os.environ.get("LAKEHOUSE_TF_CYCLES", "1"))
# Roles that the account's root makes for GitHub; they outlive the environment.
WORKFLOWS = ("apply", "plan")
NEW_TENANT = "00000000-0000-4000-8000-000000000001"

pytestmark = [pytest.mark.terraform, pytest.mark.slow]


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    require_terraform()
    return cli_configuration(tmp_path_factory.mktemp("terraform"))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="module")
def provider(cli: dict[str, str], copy: Path) -> Path:
    root = copy / "terraform" / ROOTS[0]
    Terraform(root, cli).init("-backend=false")
    return installed_binary(root)


@pytest.fixture(scope="module")
def offline(cli: dict[str, str], provider: Path) -> Iterator[dict[str, str]]:
    """Variables for Terraform with a provider that is asked for schemas only."""
    with RunningProvider(provider, {}) as running:
        yield {**cli, **running}


def test_the_files_are_formatted(cli, copy):
    Terraform(copy / "terraform", cli).run("fmt", "-check", "-recursive")


@pytest.mark.parametrize("root", ROOTS)
def test_a_root_is_valid(root, cli, offline, copy):
    folder = copy / "terraform" / root
    # Without a running provider: this compares the provider with the versions and the lock file.
    Terraform(folder, cli).init("-backend=false")
    assert json.loads(Terraform(folder, offline).run("validate", "-json"))["diagnostics"] == []


@pytest.mark.parametrize("folder", TESTED)
def test_a_module_or_root_passes_its_tests(folder, offline, copy):
    terraform = Terraform(copy / "terraform" / folder, offline)
    terraform.init("-backend=false")
    assert " passed, 0 failed" in terraform.run("test", "-no-color")


@pytest.mark.parametrize("cycle", range(CYCLES))
def test_a_dev_environment_lives_and_dies_in_the_emulator(cycle, cli, provider, tmp_path):
    with (
        Emulator(tmp_path / "emulator.log") as emulator,
        RunningProvider(provider, emulator.environment) as running,
    ):
        repository = copy_repository(tmp_path / "repository")
        dev = Deployment(repository, emulator, {**cli, **running})
        dev.init()
        dev.apply("-parallelism=30")
        dev.run_pipeline()
        dev.grant_on_tables()
        # What the first apply left is looked at by the next plan.
        dev.apply("-parallelism=30", "-refresh=false")
        assert dev.terraform.changes() == {}, "a second plan is empty"
        keeps_its_state_alone_and_without_the_password(dev)
        exists_as_described(dev)
        tells_people_what_to_do(dev)
        grows_by_data_alone(dev)
        notices_what_was_changed_by_hand(dev)
        dev.destroy("-parallelism=30")
        nothing_is_left(dev)
        assert emulator.unknown_operations() == []


def keeps_its_state_alone_and_without_the_password(dev: Deployment) -> None:
    state = dev.state()
    assert state["ServerSideEncryption"] == "aws:kms" and state["VersionId"] != "null"
    text = state["Body"].read().decode()
    assert "lakehouse-dev-bronze" in text and SOURCE_PASSWORD not in text
    with (
        dev.locked_by_somebody_else(),
        pytest.raises(TerraformFailedError, match="Error acquiring the state lock"),
    ):
        dev.terraform.changes("-no-color")


def exists_as_described(dev: Deployment) -> None:
    task = dev.client("dms").describe_replication_tasks()["ReplicationTasks"][0]
    mappings = REPOSITORY / "terraform/generated/dms_table_mappings.json"
    settings = REPOSITORY / "terraform/dms/task_settings.json"
    assert json.loads(task["TableMappings"]) == json.loads(mappings.read_text())
    assert json.loads(task["ReplicationTaskSettings"]) == json.loads(settings.read_text())

    for bucket in ("athena-results", "bronze", "gold", "logs", "scripts", "silver"):
        denied = [s["Sid"] for s in dev.statements(bucket) if s["Effect"] == "Deny"]
        assert denied == ["DenyWithoutTls", "DenyOldTls"], bucket
    rules = dev.client("s3").get_bucket_lifecycle_configuration(
        Bucket=f"lakehouse-dev-bronze-{ACCOUNT}"
    )["Rules"]
    ages = {t["StorageClass"]: t["Days"] for t in rules[0]["Transitions"]}
    assert ages == {"STANDARD_IA": 90, "GLACIER": 180}

    for slug, tenant in dev.registry["tenants"].items():
        granted = [g["Resource"] for g in dev.grants(f"lakehouse-dev-tenant-{slug}")]
        filters = [r["DataCellsFilter"] for r in granted if "DataCellsFilter" in r]
        assert {f["TableName"] for f in filters} == set(dev.registry["tables"])
        assert len(granted) == len(filters) + 1, "beside the filters only DESCRIBE on the database"
        for wanted in filters:
            shown = dev.client("lakeformation").get_data_cells_filter(**wanted)["DataCellsFilter"]
            assert shown["RowFilter"]["FilterExpression"] == f"tenant_id = '{tenant['id']}'"


def tells_people_what_to_do(dev: Deployment) -> None:
    pages = dev.client("cloudwatch").get_paginator("describe_alarms").paginate()
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
    assert {len(a["AlarmActions"]) for a in alarms} == {1}
    assert all("docs/RUNBOOK.md#" in a["AlarmDescription"] for a in alarms)
    shares = {a["AlarmName"]: a["Metrics"] for a in alarms if "-quarantine-" in a["AlarmName"]}
    tables = load_contracts(REPOSITORY / "contracts")
    assert set(shares) == {f"lakehouse-dev-quarantine-{table}" for table in tables}
    for name, metrics in shares.items():
        read = [m["MetricStat"]["Metric"]["Dimensions"] for m in metrics if "MetricStat" in m]
        table = {"Name": "Table", "Value": name.removeprefix("lakehouse-dev-quarantine-")}
        assert read == [[table]] * 3 and len(metrics) == 4


def grows_by_data_alone(dev: Deployment) -> None:
    files = {path: path.read_text() for path in dev.repository.rglob("*") if is_data(path)}
    dev.add_tenant("newcomer", NEW_TENANT)
    dev.add_table("supplier", like="customer")
    changes = dev.terraform.changes("-refresh=false")
    for path, text in files.items():
        path.write_text(text)
    (dev.repository / "contracts/supplier.odcs.yaml").unlink()

    created = {a.removeprefix("module.platform.module.") for a in changes if changes[a] == "create"}
    filters = {
        f'lake_formation.aws_lakeformation_{kind}["newcomer.{table}"]'
        for kind in ("data_cells_filter.tenant", "permissions.tenant_rows")
        for table in dev.registry["tables"]
    }
    assert created == filters | {
        'athena.aws_athena_workgroup.this["tenant-newcomer"]',
        'glue.aws_glue_job.silver["supplier"]',
        'lake_formation.aws_iam_role.tenant["newcomer"]',
        'lake_formation.aws_iam_role_policy.tenant["newcomer"]',
        'lake_formation.aws_lakeformation_opt_in.tenant["newcomer"]',
        'lake_formation.aws_lakeformation_permissions.listed_columns["analyst.silver.supplier"]',
        'lake_formation.aws_lakeformation_permissions.listed_columns["analyst.silver.supplier_history"]',
        'lake_formation.aws_lakeformation_permissions.tenant_database["newcomer"]',
        'monitoring.aws_cloudwatch_metric_alarm.quarantine["supplier"]',
        'monitoring.aws_cloudwatch_metric_alarm.this["athena-scan-tenant-newcomer"]',
    }
    changed = {a.removeprefix("module.platform.module."): c for a, c in changes.items()}
    assert {a: c for a, c in changed.items() if a not in created} == {
        "dms.aws_dms_replication_task.this": "update",
        "monitoring.aws_cloudwatch_dashboard.this": "update",
        "monitoring.aws_cloudwatch_event_rule.glue_failed": "update",
        "orchestration.aws_sfn_state_machine.pipeline": "update",
        "output.platform": "update",
    }


def is_data(path: Path) -> bool:
    return path.name in ("tenants.yaml", "dms_table_mappings.json", "access_policy.json")


def notices_what_was_changed_by_hand(dev: Deployment) -> None:
    slug = min(dev.registry["tenants"])
    lake = dev.client("lakeformation")
    grant = next(
        g
        for g in dev.grants(f"lakehouse-dev-tenant-{slug}")
        if g["Resource"].get("DataCellsFilter", {}).get("TableName") == "revenue_metrics"
    )
    what = {name: grant[name] for name in ("Principal", "Resource", "Permissions")}
    lake.revoke_permissions(**what)
    dev.client("s3").delete_bucket_policy(Bucket=f"lakehouse-dev-silver-{ACCOUNT}")
    lost = f'lake_formation.aws_lakeformation_permissions.tenant_rows["{slug}.revenue_metrics"]'
    assert dev.terraform.changes() == {
        f"module.platform.module.{lost}": "create",
        'module.platform.module.s3.aws_s3_bucket_policy.this["silver"]': "create",
    }
    lake.grant_permissions(**what)


def nothing_is_left(dev: Deployment) -> None:
    assert dev.terraform.run("state", "list") == ""
    buckets = dev.client("s3").list_buckets()["Buckets"]
    assert [b["Name"] for b in buckets] == [STATE_BUCKET], "prevent_destroy keeps the account's own"
    roles = {r["RoleName"] for r in dev.client("iam").list_roles()["Roles"]}
    assert {r for r in roles if "lakehouse" in r} == {
        f"lakehouse-dev-github-{w}" for w in WORKFLOWS
    }
    lake = dev.client("lakeformation")
    assert lake.list_permissions()["PrincipalResourcePermissions"] == []
    assert lake.list_data_cells_filter()["DataCellsFilters"] == []
    assert lake.list_resources()["ResourceInfoList"] == []
    assert dev.client("glue").get_databases()["DatabaseList"] == []
    assert dev.client("dms").describe_endpoints()["Endpoints"] == []
