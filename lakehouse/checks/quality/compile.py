"""From a contract to the expectations of its Silver table; no data is read here.

Checks of the source's columns look at live rows only, because a tombstone keeps neither its
personal data nor, when the source logs no more than the key, any other value. Checks of the
key and of the columns that order the changes look at every row. Whether foreign keys find
their row is tested by dbt.
"""

import re

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.row_conditions import Column as RowColumn

from contracts import Column, Contract
from spark_bronze_to_silver.schemas import silver_columns

CRITICAL = FailureSeverity.CRITICAL
WARNING = FailureSeverity.WARNING
LIVE_ROWS = RowColumn("is_deleted") == False  # noqa: E712 (builds a condition, compares nothing)
SOURCE_OPS = ["I", "U", "D"]
# AWS DMS user guide, $AR_H_CHANGE_SEQ: a timestamp and an increasing number, 35 digits.
SOURCE_SEQ = r"^[0-9]{35}$"
VARCHAR = re.compile(r"character varying\((\d+)\)")


def suite_for(contract: Contract) -> ExpectationSuite:
    """All expectations of the contract's Silver table; the suite has the table's name.

    A broken key, change order, column list, uniqueness or required value is critical: what is
    built on the table is then wrong. A value outside its set, bound or length is a warning.
    """
    expectations = [*_table_rules(contract), *_change_rules()]
    for column in contract.columns:
        expectations += _column_rules(column, is_key=column.name in contract.key)
    return ExpectationSuite(name=contract.name, expectations=expectations)


def max_length(column: Column) -> int | None:
    """Characters that the column's source type holds; None when it sets no bound."""
    found = VARCHAR.fullmatch(column.source_type)
    return int(found[1]) if found else None


def _table_rules(contract: Contract) -> list[gxe.Expectation]:
    key = list(contract.key)
    columns = list(silver_columns(contract))
    return [
        gxe.ExpectTableColumnsToMatchSet(column_set=columns, exact_match=True, severity=CRITICAL),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=key, severity=CRITICAL),
        *(gxe.ExpectColumnValuesToNotBeNull(column=name, severity=CRITICAL) for name in key),
    ]


def _change_rules() -> list[gxe.Expectation]:
    needed = ("is_deleted", "source_op", "source_seq", "source_order")
    return [
        *(gxe.ExpectColumnValuesToNotBeNull(column=name, severity=CRITICAL) for name in needed),
        gxe.ExpectColumnValuesToBeInSet(
            column="source_op", value_set=SOURCE_OPS, severity=CRITICAL
        ),
        *(
            gxe.ExpectColumnValuesToMatchRegex(column=name, regex=SOURCE_SEQ, severity=CRITICAL)
            for name in ("source_seq", "source_order")
        ),
    ]


def _column_rules(column: Column, *, is_key: bool) -> list[gxe.Expectation]:
    live = {"column": column.name, "row_condition": LIVE_ROWS}
    rules = []
    if column.required and not is_key:
        rules.append(gxe.ExpectColumnValuesToNotBeNull(**live, severity=CRITICAL))
    if column.unique and not is_key:
        rules.append(gxe.ExpectColumnValuesToBeUnique(**live, severity=CRITICAL))
    if column.accepted_values:
        values = list(column.accepted_values)
        rules.append(gxe.ExpectColumnValuesToBeInSet(**live, value_set=values, severity=WARNING))
    if column.minimum is not None:
        bound = {"min_value": column.minimum}
        rules.append(gxe.ExpectColumnValuesToBeBetween(**live, **bound, severity=WARNING))
    if length := max_length(column):
        bound = {"max_value": length}
        rules.append(gxe.ExpectColumnValueLengthsToBeBetween(**live, **bound, severity=WARNING))
    return rules
