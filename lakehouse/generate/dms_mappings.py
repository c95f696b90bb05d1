"""DMS table mappings: which tables a task replicates, and the column that carries the sequence."""

import json
from collections.abc import Iterable
from typing import Any

from contracts import Contract

# AWS DMS user guide, "Using transformation rule expressions to define column content":
# AR_H_CHANGE_SEQ has 35 digits; the data type is a string of 50.
CHANGE_SEQ_COLUMN = "dms_change_seq"


def dms_table_mappings(contracts: Iterable[Contract]) -> str:
    """The task's table mappings as JSON: per table one selection and one added column.

    Tables are sorted by name, so that a new table changes the rule ids of no other kind of rule
    and the text is the same however the contracts were listed.
    """
    rules: list[dict[str, Any]] = []
    for number, contract in enumerate(sorted(contracts, key=lambda c: c.source_table), start=1):
        rules += [_selection(number, contract), _change_sequence(100 + number, contract)]
    return json.dumps({"rules": sorted(rules, key=lambda r: int(r["rule-id"]))}, indent=2) + "\n"


def _selection(number: int, contract: Contract) -> dict[str, Any]:
    return {
        "rule-type": "selection",
        "rule-id": str(number),
        "rule-name": f"include-{contract.source_table}",
        "object-locator": _locator(contract),
        "rule-action": "include",
    }


def _change_sequence(number: int, contract: Contract) -> dict[str, Any]:
    return {
        "rule-type": "transformation",
        "rule-id": str(number),
        "rule-name": f"sequence-{contract.source_table}",
        "rule-target": "column",
        "object-locator": _locator(contract),
        "rule-action": "add-column",
        "value": CHANGE_SEQ_COLUMN,
        "expression": "$AR_H_CHANGE_SEQ",
        "data-type": {"type": "string", "length": 50},
    }


def _locator(contract: Contract) -> dict[str, str]:
    return {"schema-name": contract.source_schema, "table-name": contract.source_table}
