"""The queries in dbt_project/analyses, compiled by dbt and run on Gold."""

import json
import shutil
from pathlib import Path

import pytest
import sqlglot
from sqlglot.errors import ErrorLevel

from tests.integration.dbt.by_hand import TODAY
from tests.integration.dbt.dbt_process import REPOSITORY, run_dbt

pytestmark = pytest.mark.dbt
ANALYSES = sorted(p.stem for p in (REPOSITORY / "dbt_project" / "analyses").glob("*.sql"))


@pytest.fixture(scope="module")
def manifest(built: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The manifest, with the SQL that dbt compiled for every analysis.

    On a copy: dbt opens the database for writing, and other test processes read it.
    """
    folder = tmp_path_factory.mktemp("named-queries")
    shutil.copy(built / "lakehouse.duckdb", folder)
    only = ("--select", "resource_type:analysis", "--vars", f"{{as_of_date: '{TODAY}'}}")
    run_dbt(folder, "compile", *only)
    return json.loads((folder / "target" / "manifest.json").read_text())


@pytest.fixture(scope="module")
def queries(manifest: dict) -> dict[str, dict]:
    """The analyses by name."""
    nodes = manifest["nodes"].values()
    return {n["name"]: n for n in nodes if n["resource_type"] == "analysis"}


@pytest.mark.parametrize("name", ANALYSES)
def test_a_query_is_described_and_answers_from_gold(queries, gold, name):
    query = queries[name]
    assert query["description"]
    assert {p.split(".")[0] for p in query["depends_on"]["nodes"]} == {"model"}
    sqlglot.parse_one(query["compiled_code"], read="athena", error_level=ErrorLevel.RAISE)
    assert gold.execute(query["compiled_code"]).fetchall()


def test_the_queries_that_every_analyst_asks_for_are_there(queries):
    asked = {
        "revenue_by_tenant_over_time",
        "customer_acquisition",
        "best_selling_products",
        "subscription_mrr",
        "event_funnel",
        "customer_lifetime_value",
        "cohort_retention",
    }
    assert asked <= set(queries)


def test_the_exposure_names_every_table_that_the_queries_read(manifest, queries):
    [exposure] = [e for e in manifest["exposures"].values() if e["name"] == "named_queries"]
    read = {table for query in queries.values() for table in query["depends_on"]["nodes"]}
    assert set(exposure["depends_on"]["nodes"]) == read
