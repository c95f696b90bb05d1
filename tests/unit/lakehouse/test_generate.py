"""Files derived from the contracts are current."""

import json

import yaml

from contracts import derived_tables
from lakehouse.generate import generated_files, stale_files
from lakehouse.generate.dms_mappings import dms_table_mappings


def test_the_committed_files_match_the_contracts():
    assert stale_files(generated_files()) == []


def test_a_changed_file_is_stale(tmp_path):
    path = tmp_path / "x.yml"
    path.write_text("old")
    assert stale_files({path: "new", tmp_path / "missing.yml": "text"}) == [
        path,
        tmp_path / "missing.yml",
    ]


def test_every_silver_column_is_described_to_dbt(contracts):
    text = next(t for p, t in generated_files().items() if p.name == "_sources.yml")
    tables = {t["name"]: t for t in yaml.safe_load(text)["sources"][0]["tables"]}
    derived = {t.name: t for t in derived_tables(contracts.values())}
    assert list(tables) == [*contracts, *derived]
    for name, table in derived.items():
        assert [c["name"] for c in tables[name]["columns"]] == [c.name for c in table.columns]
        assert all(c["description"] for c in tables[name]["columns"])
    for name, contract in contracts.items():
        columns = [c["name"] for c in tables[name]["columns"]]
        assert len(columns) == len(set(columns))
        assert {c.name for c in contract.columns} <= set(columns)
        assert all(c["description"] for c in tables[name]["columns"])


def test_dms_mappings_select_each_table_once_and_add_the_sequence(contracts):
    rules = json.loads(dms_table_mappings(contracts.values()))["rules"]
    tables = {c.source_table for c in contracts.values()}
    for kind in ("selection", "transformation"):
        of_kind = [r for r in rules if r["rule-type"] == kind]
        assert {r["object-locator"]["table-name"] for r in of_kind} == tables
        assert len(of_kind) == len(tables)
    assert len({r["rule-id"] for r in rules}) == len(rules)


def test_dms_mappings_do_not_depend_on_the_order_of_contracts(contracts):
    listed = list(contracts.values())
    assert dms_table_mappings(listed) == dms_table_mappings(listed[::-1])
