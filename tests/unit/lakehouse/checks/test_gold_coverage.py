"""Coverage of a manifest that is written here by hand."""

import duckdb

from lakehouse.checks.gold_coverage import LayerCoverage, columns_in, coverage


def model(name, layer, description, *described, contract=False):
    return {
        "unique_id": f"model.{name}",
        "resource_type": "model",
        "fqn": ["lakehouse", layer, name],
        "schema": "s",
        "alias": name,
        "description": description,
        "contract": {"enforced": contract},
        "columns": {c: {"description": "" if c == "vague" else "What it is."} for c in described},
    }


def data_test(name, of):
    return {"unique_id": f"test.{name}", "resource_type": "test", "attached_node": of}


def test_every_count_is_by_layer_and_columns_are_the_databases():
    nodes = [
        model("stg", "staging", "", "id"),
        model("sales", "marts", "Sales.", "id", "vague", "gone", contract=True),
        data_test("unique", "model.sales"),
        data_test("not_null", "model.sales"),
        data_test("sums_agree", None),
    ]
    manifest = {
        "nodes": {n["unique_id"]: n for n in nodes},
        "unit_tests": {"u": {"depends_on": {"nodes": ["model.sales"]}}},
    }
    columns = {
        ("s", "stg"): frozenset(("id", "name")),
        ("s", "sales"): frozenset(("id", "vague", "new")),
    }
    marts, staging, together = coverage(manifest, columns)
    assert marts == LayerCoverage("marts", 1, 1, 1, 3, 1, 2, 1)
    assert staging == LayerCoverage("staging", 1, 0, 0, 2, 1, 0, 0)
    assert together == LayerCoverage("all", 2, 1, 1, 5, 2, 2, 1)
    assert (marts.tests_a_model, together.tests_a_model) == (3.0, 1.5)


def test_columns_of_tables_and_views_are_found(tmp_path):
    with duckdb.connect(tmp_path / "file.duckdb") as connection:
        connection.execute("create schema s; create table s.t (a int, b int)")
        connection.execute("create view s.v as select a as c from s.t")
    found = columns_in(tmp_path / "file.duckdb")
    assert found == {("s", "t"): frozenset("ab"), ("s", "v"): frozenset("c")}
