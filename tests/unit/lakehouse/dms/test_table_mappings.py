"""Which tables the mappings select, and the column that they add."""

import json

import pytest

from lakehouse.dms.errors import SettingsError
from lakehouse.dms.table_mappings import TableMappings
from lakehouse.stages.replicate import TABLE_MAPPINGS


def selection(table, action="include", schema="public"):
    return {
        "rule-type": "selection",
        "rule-id": "1",
        "rule-name": "one",
        "object-locator": {"schema-name": schema, "table-name": table},
        "rule-action": action,
    }


def added(table, **changes):
    return {
        **selection(table, "add-column"),
        "rule-type": "transformation",
        "rule-target": "column",
        "value": "seq",
        "expression": "$AR_H_CHANGE_SEQ",
        "data-type": {"type": "string", "length": 50},
        **changes,
    }


def mappings(*rules):
    return TableMappings.parse(json.dumps({"rules": rules}))


def test_the_generated_mappings_select_every_table_and_add_the_sequence(contracts):
    generated = TableMappings.read(TABLE_MAPPINGS)
    assert generated.select(contracts) == contracts
    assert {generated.sequence_column(c) for c in contracts.values()} == {"dms_change_seq"}


@pytest.mark.parametrize(
    ("rules", "selected"),
    [
        ([selection("core_order")], {"order"}),
        ([selection("core_order%")], {"order", "orderitem"}),
        ([selection("core_order%"), selection("core_orderitem", "exclude")], {"order"}),
        ([selection("%", schema="pub%"), selection("core_[eops]%", "exclude")], None),
    ],
)
def test_selection(contracts, rules, selected):
    found = mappings(*rules).select(contracts)
    assert set(found) == (set(contracts) if selected is None else selected)


def test_selecting_nothing_is_an_error(contracts):
    with pytest.raises(SettingsError, match="select no table"):
        mappings(selection("core_order", schema="other")).select(contracts)


def test_a_table_without_rule_has_no_sequence_column(contracts):
    rules = mappings(selection("%"), added("core_order"))
    assert rules.sequence_column(contracts["order"]) == "seq"
    assert rules.sequence_column(contracts["orderitem"]) is None


@pytest.mark.parametrize(
    "rule",
    [
        added("core_order", expression="$AR_H_USER"),
        {**selection("core_order"), "rule-action": "explicit"},
        {**selection("core_order"), "filters": []},
        {**selection("core_order"), "rule-type": "table-settings"},
    ],
)
def test_rules_that_the_local_dms_does_not_know_are_refused(rule):
    with pytest.raises(SettingsError, match="not supported"):
        mappings(rule)
