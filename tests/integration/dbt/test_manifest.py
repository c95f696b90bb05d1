"""Rules that every model keeps, read from the manifest of a build."""

import json
from collections import Counter
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.dbt
PREFIXES = {"staging": "stg_silver__", "intermediate": "int_"}
TESTS_A_MART = 5


@pytest.fixture(scope="module")
def manifest(built: Path) -> dict:
    return json.loads((built / "target" / "manifest.json").read_text())


@pytest.fixture(scope="module")
def models(manifest: dict) -> dict[str, dict]:
    nodes = manifest["nodes"].values()
    return {n["name"]: n for n in nodes if n["resource_type"] == "model"}


@pytest.fixture(scope="module")
def marts(models: dict[str, dict]) -> dict[str, dict]:
    return {name: node for name, node in models.items() if node["fqn"][1] == "marts"}


def test_a_layer_shows_in_the_name(models):
    for name, node in models.items():
        assert name.startswith(PREFIXES.get(node["fqn"][1], "")), name


def test_every_model_and_each_of_its_columns_is_described(models, gold: duckdb.DuckDBPyConnection):
    for name, node in models.items():
        query = f'select * from "{node["schema"]}"."{name}" limit 0'
        columns = [column[0] for column in gold.execute(query).description]
        described = [c for c, facts in node["columns"].items() if facts["description"]]
        assert node["description"], name
        assert sorted(columns) == sorted(described), name


def test_every_mart_is_a_public_contract_with_an_owner(marts, manifest):
    groups = {group["name"] for group in manifest["groups"].values()}
    for name, node in marts.items():
        assert node["contract"]["enforced"], name
        assert node["access"] == "public", name
        assert node["config"]["group"] in groups, name


def test_every_mart_has_unit_tests_and_enough_data_tests(marts, manifest):
    data_tests = Counter(
        node.get("attached_node")
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
    )
    unit_tested = {test["model"] for test in manifest["unit_tests"].values()}
    for name, node in marts.items():
        assert data_tests[node["unique_id"]] >= TESTS_A_MART, name
        assert name in unit_tested, name


def test_no_mart_reads_a_source_and_no_staging_model_reads_another(models):
    for name, node in models.items():
        parents = {parent.split(".")[0] for parent in node["depends_on"]["nodes"]}
        assert parents == ({"source"} if node["fqn"][1] == "staging" else {"model"}), name


def test_marts_and_views_land_in_schemas_of_their_own(models):
    for node in models.values():
        layer = "gold" if node["fqn"][1] == "marts" else "staging"
        assert node["schema"] == f"lakehouse_{layer}"


def test_every_exposure_is_described_has_an_owner_and_reads_marts_only(manifest, marts):
    ids = {node["unique_id"] for node in marts.values()}
    assert manifest["exposures"]
    for exposure in manifest["exposures"].values():
        assert exposure["description"] and exposure["owner"]["email"], exposure["name"]
        assert set(exposure["depends_on"]["nodes"]) <= ids, exposure["name"]
