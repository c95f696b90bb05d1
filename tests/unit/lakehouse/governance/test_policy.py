"""Registry and roles are taken exactly as they are meant, or not at all."""

import re

import pytest
import yaml

from contracts import derived_tables
from lakehouse.governance import PolicyError, RegistryError, compile_policy, read_registry
from lakehouse.governance.marts import read_marts
from lakehouse.governance.policy import Relation, personal
from lakehouse.governance.registry import Registry, Tenant, write_registry
from lakehouse.governance.roles import ROLES_FILE, read_roles
from lakehouse.state import REPOSITORY

ID = "00000000-0000-4000-8000-00000000000a"
MODELS = REPOSITORY / "dbt_project" / "models"


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_environments_own_registries_are_taken(environment, contracts):
    registry = read_registry(REPOSITORY / f"terraform/environments/{environment}/tenants.yaml")
    policy = compile_policy(contracts.values(), read_marts())
    policy.check(registry)
    for slug, tenant in registry.tenants.items():
        access = policy.access(f"analyst@{slug}", registry)
        assert access.row_filter == f"tenant_id = '{tenant.id}'"
        assert {relation.name for relation in access.relations} == set(registry.tables)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "tables: [mrr_metrics]",
        "tables: [mrr_metrics]\ntenants: {ann: {}}",
        "tables: [mrr_metrics]\ntenants: {ann: {id: 7}}",
        f'tables: [mrr_metrics]\ntenants: {{ann: {{id: "{ID}\' or true --"}}}}',
        f"tables: [mrr_metrics]\ntenants: {{ann: {{id: {ID.upper()}}}}}",
        f"tables: [mrr_metrics]\ntenants: {{Ann: {{id: {ID}}}}}",
        f"tables: [mrr_metrics]\ntenants: {{ann: {{id: {ID}}}, bob: {{id: {ID}}}}}",
        f"tables: [1]\ntenants: {{ann: {{id: {ID}}}}}",
        "tables: [mrr_metrics]\ntenants: {}\nadmins: all",
        "tables: [mrr_metrics\ntenants: {}",
    ],
)
def test_a_registry_that_is_not_plain_is_refused(tmp_path, text):
    path = tmp_path / "tenants.yaml"
    path.write_text(text)
    with pytest.raises(RegistryError, match="nothing was read"):
        read_registry(path)


def test_a_missing_or_binary_registry_is_refused(tmp_path):
    with pytest.raises(RegistryError, match="lakehouse tenants --register"):
        read_registry(tmp_path / "none.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RegistryError, match="cannot be read"):
        read_registry(tmp_path / "binary.yaml")


def test_a_registry_survives_writing(tmp_path):
    registry = Registry(("mrr_metrics",), {"ann": Tenant("ann", ID)})
    write_registry(tmp_path / "tenants.yaml", registry)
    assert read_registry(tmp_path / "tenants.yaml") == registry


@pytest.mark.parametrize("table", ["dim_date", "no_such_mart", "customer"])
def test_a_table_whose_rows_are_nobodys_is_not_given_to_tenants(contracts, table):
    policy = compile_policy(contracts.values(), read_marts())
    with pytest.raises(PolicyError, match=table):
        policy.access("engineer", Registry((table,), {}))


@pytest.mark.parametrize(
    "edit",
    [
        ("personal: hidden", "personal: blurred"),
        ("layers: [gold]", "layers: [bronze]"),
        ("tenant_id = '{tenant_id}'", "true"),
        ("layers: [gold]", "layers: [gold, silver]"),
        ("tenant_analyst:", "tenant_analysts:"),
        ("people:", "people: ["),
    ],
)
def test_roles_that_say_something_else_are_refused(tmp_path, contracts, edit):
    path = tmp_path / "roles.yaml"
    path.write_text(ROLES_FILE.read_text().replace(*edit))
    with pytest.raises(PolicyError):
        compile_policy(contracts.values(), read_marts(), read_roles(path))


def test_an_analyst_sees_every_silver_column_but_the_personal_ones(contracts):
    readable = compile_policy(contracts.values(), read_marts()).readable
    tables = [*contracts.values(), *derived_tables(contracts.values())]
    for table in tables:
        relation = Relation("silver", table.name)
        hidden = set(readable["engineer"][relation]) - set(readable["analyst"][relation])
        assert hidden == personal(table)
    assert sum(len(personal(t)) for t in tables) > 10


def test_no_staging_model_reads_a_personal_column(contracts):
    """Why Gold has nothing to hide: what staging does not select, no mart can have."""
    checked = 0
    for path in (MODELS / "staging").glob("*.sql"):
        sql = path.read_text()
        table = re.search(r"source\('silver', '(\w+)'\)", sql)[1]
        if table in contracts:
            words = set(re.findall(r"\w+", sql))
            assert words & personal(contracts[table]) == set(), path.name
            checked += 1
    assert checked == len(contracts)
    for path in (MODELS / "intermediate", MODELS / "marts"):
        assert not [p for p in path.rglob("*.sql") if "source(" in p.read_text()]


def test_the_roles_are_those_of_terraform():
    text = (REPOSITORY / "terraform/modules/lake-formation/roles.tf").read_text()
    people = re.search(r"people = \{(.*?)\n  \}", text, re.DOTALL)[1]
    assert set(re.findall(r"^ +(\w+) += \{ role", people, re.MULTILINE)) == set(
        yaml.safe_load(ROLES_FILE.read_text())["people"]
    )
