"""Costs of a dbt build, read from artifacts that are written here by hand."""

import json

import pytest

from lakehouse.costs.gold_build import build_costs, over_budget, read_budget
from lakehouse.errors import LakehouseError

PRICES = {"athena_minimum_mb": 10, "athena_scanned_tb": 5.0}
MB = 1_000_000


def node(kind, name, *parents, materialized="table", **others):
    return {
        "unique_id": f"{kind}.{name}",
        "resource_type": kind,
        "name": name,
        "config": {"materialized": materialized},
        "depends_on": {"nodes": list(parents)},
        **others,
    }


NODES = [
    node("model", "stg_orders", "source.orders", materialized="view"),
    node("model", "int_orders", "model.stg_orders", "source.items", materialized="view"),
    node("model", "fct_orders", "model.int_orders", "model.stg_orders"),
    node("model", "revenue", "model.fct_orders"),
    node("test", "unique_orders", "model.fct_orders", attached_node="model.fct_orders"),
    node("test", "sums_agree", "model.revenue", "model.fct_orders"),
]
SIZES = {"source.orders": 30 * MB, "source.items": 4 * MB, "model.fct_orders": 20 * MB}
SIZES |= {"model.revenue": MB}


@pytest.fixture
def target(tmp_path):
    manifest = {
        "nodes": {n["unique_id"]: n for n in NODES},
        "sources": {
            name: node("source", name.removeprefix("source."), materialized="table")
            for name in SIZES
            if name.startswith("source.")
        },
        "unit_tests": {"unit_test.u": node("unit_test", "u", "model.revenue")},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))

    def ran(**bytes_scanned):
        names = [*(n["unique_id"] for n in NODES), "unit_test.u", "exposure.page"]
        results = [
            {
                "unique_id": name,
                "status": "success",
                "execution_time": 2.0,
                "adapter_response": {"data_scanned_in_bytes": bytes_scanned[short]}
                if (short := name.partition(".")[2]) in bytes_scanned
                else {},
            }
            for name in names
        ]
        (tmp_path / "run_results.json").write_text(json.dumps({"results": results}))
        return tmp_path

    return ran


def costs(folder):
    found = build_costs(folder, lambda n: SIZES[n["unique_id"]], PRICES)
    return {cost.model: cost for cost in found}


def test_a_statement_reads_the_tables_below_its_views_once(target):
    found = costs(target())
    assert found["fct_orders"].scanned == (30 + 4) * MB + 20 * MB
    assert found["fct_orders"].scanned_by_model == (30 + 4) * MB
    assert found["fct_orders"].statements == 2
    assert found["fct_orders"].seconds == 4.0
    assert found["fct_orders"].is_estimate


def test_a_view_scans_nothing_and_a_test_counts_for_the_model_that_it_tests(target):
    found = costs(target())
    assert (found["stg_orders"].scanned, found["stg_orders"].usd(PRICES)) == (0, 0)
    # The model itself, the test that names it first, and the unit test, which reads no table.
    assert found["revenue"].scanned == 20 * MB + (1 + 20) * MB
    assert found["revenue"].seconds == 6.0


def test_athena_counts_and_bills_at_least_ten_megabytes(target):
    measured = dict.fromkeys(("stg_orders", "int_orders", "unique_orders", "sums_agree", "u"), 0)
    found = costs(target(fct_orders=3, revenue=15 * MB, **measured))
    assert not any(cost.is_estimate for cost in found.values())
    assert (found["fct_orders"].scanned, found["fct_orders"].billed) == (3, 10 * MB)
    assert found["revenue"].usd(PRICES) == pytest.approx(15e6 / 1e12 * 5)


def test_a_jump_over_the_budget_is_named_and_so_is_a_budget_of_nothing(target, tmp_path):
    file = tmp_path / "budget.yaml"
    file.write_text("default: 50\nfct_orders: 34\ngone: 1\n")
    found = costs(target())
    assert over_budget(found.values(), read_budget(file)) == [
        "gone has a budget, but no such model was built"
    ]
    file.write_text("default: 50\nfct_orders: 33.9\n")
    assert over_budget(found.values(), read_budget(file)) == [
        "fct_orders scans 34.0 MB, its budget is 33.9 MB"
    ]


@pytest.mark.parametrize("text", ["", "fct_orders: 3", "default: much", "- default"])
def test_a_budget_of_another_form_is_refused(tmp_path, text):
    (tmp_path / "budget.yaml").write_text(text)
    with pytest.raises(LakehouseError, match="one of them `default`"):
        read_budget(tmp_path / "budget.yaml")


def test_a_folder_without_a_build_says_what_to_do(tmp_path):
    with pytest.raises(LakehouseError, match="Run `lakehouse gold` first"):
        build_costs(tmp_path, lambda n: 0, PRICES)
