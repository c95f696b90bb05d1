"""What Terraform names is there: the registry's tables, the version; needs no terraform."""

import json
import re
import tomllib
from datetime import UTC, datetime

import pytest
import yaml

from lakehouse.state import REPOSITORY
from spark_bronze_to_silver.accounts import Accounts
from spark_bronze_to_silver.metrics import metrics_line

MARTS = {
    model["name"]: {column["name"] for column in model.get("columns", [])}
    for path in (REPOSITORY / "dbt_project/models/marts").rglob("*.yml")
    for model in yaml.safe_load(path.read_text()).get("models", [])
}


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_default_release_is_this_version(environment):
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]
    text = (REPOSITORY / f"terraform/environments/{environment}/variables.tf").read_text()
    default = re.search(r'variable "release" \{.*?default\s*= "(.*?)"', text, re.DOTALL)
    assert default[1] == version


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_tenant_facing_tables_are_marts_with_a_tenant(environment):
    path = REPOSITORY / f"terraform/environments/{environment}/tenants.yaml"
    tables = yaml.safe_load(path.read_text())["tables"]
    assert {table for table in tables if "tenant_id" not in MARTS.get(table, ())} == set()


def test_each_environment_has_a_state_of_its_own_with_a_lock_file():
    keys, buckets = set(), set()
    for name in ("dev", "prod"):
        root = REPOSITORY / "terraform/environments" / name
        backend = re.search(r'backend "s3" \{\n(.*?)\}', (root / "versions.tf").read_text(), re.S)
        assert "use_lockfile = true" in backend[1] and re.search(r"encrypt\s+= true", backend[1])
        keys |= set(re.findall(r'key\s+= "(.+)"', backend[1]))
        example = (root / "backend.hcl.example").read_text()
        buckets |= set(re.findall(r'bucket\s+= "(lakehouse-(?:dev|prod)-state-\d+)"', example))
        assert f'kms_key_id = "alias/lakehouse-{name}-state"' in example
    assert keys == {"lakehouse/dev.tfstate", "lakehouse/prod.tfstate"} and len(buckets) == 2


def test_both_environments_have_the_same_inputs_and_outputs():
    for file in ("variables.tf", "outputs.tf"):
        dev, prod = (
            (REPOSITORY / "terraform/environments" / name / file).read_text()
            for name in ("dev", "prod")
        )
        assert dev == prod


def test_the_quarantine_alarms_read_metrics_that_the_job_prints():
    line = metrics_line("order", datetime.now(UTC), counts=Accounts(), seconds=1, committed=True)
    printed = json.loads(line)["_aws"]["CloudWatchMetrics"][0]
    names = {metric["Name"] for metric in printed["Metrics"]}
    monitoring = REPOSITORY / "terraform/modules/monitoring"
    alarm, dashboard = ((monitoring / f).read_text() for f in ("quarantine.tf", "dashboard.tf"))
    asked = set(re.findall(r'\w+ += "(Files\w+|Rows\w+)"', alarm))
    assert len(asked) == 3 and asked <= names
    assert f'namespace   = "{printed["Namespace"]}"' in alarm and "{ Table = each.key }" in alarm
    assert f'["{printed["Namespace"]}", "RowsQuarantined", "Table", table]' in dashboard
    assert printed["Dimensions"] == [["Table"]]
