"""Contracts load into typed objects, and each thing that is broken is named with its file."""

import shutil

import pytest

from contracts import CONTRACTS_FOLDER, ContractError, load_contract, load_contracts
from contracts.loader import bronze_type_of


@pytest.fixture
def folder(tmp_path):
    for path in CONTRACTS_FOLDER.glob("*.odcs.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def edited(folder, name, old, new):
    path = folder / f"{name}.odcs.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return path


def test_all_eight_tables_have_a_contract(contracts):
    assert set(contracts) == {
        *("tenant", "customer", "product", "order"),
        *("orderitem", "event", "subscription", "invoice"),
    }


def test_a_table_comes_after_those_that_it_refers_to(contracts):
    seen = set()
    for contract in contracts.values():
        assert set(contract.references) <= seen | {contract.name}
        seen.add(contract.name)


def test_every_table_is_keyed_by_tenant_and_id(contracts):
    for contract in contracts.values():
        assert contract.key == ("tenant_id", "id")
        assert contract.column(contract.tenant_column).required


def test_money_is_decimal_of_two_places_in_silver(contracts):
    for contract in contracts.values():
        for column in contract.columns:
            if column.source_type.startswith("numeric"):
                assert column.silver_type == "decimal(18,2)", (contract.name, column.name)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("schema:", "schema: [", "order.odcs.yaml: not readable as YAML"),
        ("physicalName: core_order", "physicalNam: x", "order.odcs.yaml: missing or malformed"),
        ('value: "decimal(12,2)"', 'value: "double"', "DMS writes 'decimal(12,2)'"),
        ('value: "decimal(18,2)"', 'value: "date"', "'date' cannot hold decimal"),
        ("physicalType: jsonb", "physicalType: hstore", "unknown physicalType 'hstore'"),
        ("        physicalType: jsonb\n", "", "column 'metadata' needs physicalType"),
        ("classification: internal", "classification: secret", "classification must be one of"),
        ("name: subtotal", "name: total", "column 'total' stands twice"),
        ("name: id\n", "name: identifier\n", "column 'id' is missing"),
        ("to: customer.id", "to: person.id", "refers to table 'person', which has no contract"),
    ],
)
def test_what_is_broken_is_named(folder, old, new, message):
    edited(folder, "order", old, new)
    with pytest.raises(ContractError) as raised:
        load_contracts(folder)
    assert message in str(raised.value)
    assert "order.odcs.yaml" in str(raised.value)


def test_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(ContractError, match="no contract"):
        load_contracts(tmp_path)


def test_a_file_that_is_no_text_is_an_error(tmp_path):
    path = tmp_path / "order.odcs.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ContractError, match="order.odcs.yaml"):
        load_contract(path)


@pytest.mark.parametrize(
    ("source", "bronze"),
    [
        ("uuid", "string"),
        ("boolean", "string"),
        ("numeric(12,2)", "decimal(12,2)"),
        ("character varying(64)", "string"),
        ("timestamp with time zone", "timestamp"),
        ("hstore", None),
    ],
)
def test_dms_types(source, bronze):
    assert bronze_type_of(source) == bronze


def test_a_source_column_that_silver_rewrites_is_not_a_derived_one(contracts):
    order = contracts["order"]
    assert order.column("total").is_rewritten
    assert not order.column("subtotal").is_rewritten
    assert [c.name for c in order.derived if c.name == "total"] == []
