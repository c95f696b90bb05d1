"""What a contract expects of every row of its Silver table, in Great Expectations' terms.

Checks of the source's columns look at live rows only, because a tombstone keeps neither its
personal data nor, when the source logs no more than the key, any other value. Checks of the key
and of the columns that order the changes look at every row. Neither Spark nor Great Expectations
is loaded here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts import Column, Contract
from spark_bronze_to_silver.schemas import CHANGE_SEQ_PATTERN, OPERATIONS

CRITICAL, WARNING = "critical", "warning"
NOT_NULL = "expect_column_values_to_not_be_null"
IN_SET = "expect_column_values_to_be_in_set"
BETWEEN = "expect_column_values_to_be_between"
LENGTH = "expect_column_value_lengths_to_be_between"
REGEX = "expect_column_values_to_match_regex"
VARCHAR = re.compile(r"character varying\((\d+)\)")


@dataclass(frozen=True)
class Rule:
    """One expectation of one column; arguments are those of Great Expectations.

    Except for NOT_NULL a null value breaks no rule. live_rows says that tombstones are left out.
    """

    expectation: str
    column: str
    severity: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    live_rows: bool = True


def row_rules(contract: Contract) -> list[Rule]:
    """All rules that can be told of one row alone, in a fixed order.

    A broken key, change order or required value is critical: what is built on the table is then
    wrong. A value outside its set, bound or length is a warning.
    """
    needed = (*contract.key, "is_deleted", "source_op", "source_seq", "source_order")
    rules = [Rule(NOT_NULL, name, CRITICAL, live_rows=False) for name in needed]
    rules.append(
        Rule(IN_SET, "source_op", CRITICAL, {"value_set": list(OPERATIONS)}, live_rows=False)
    )
    rules += [
        Rule(REGEX, name, CRITICAL, {"regex": CHANGE_SEQ_PATTERN}, live_rows=False)
        for name in ("source_seq", "source_order")
    ]
    for column in contract.columns:
        rules += _column_rules(column, is_key=column.name in contract.key)
    return rules


def max_length(column: Column) -> int | None:
    """Characters that the column's source type holds; None when it sets no bound."""
    found = VARCHAR.fullmatch(column.source_type)
    return int(found[1]) if found else None


def _column_rules(column: Column, *, is_key: bool) -> Iterator[Rule]:
    if column.required and not is_key:
        yield Rule(NOT_NULL, column.name, CRITICAL)
    if column.accepted_values:
        yield Rule(IN_SET, column.name, WARNING, {"value_set": list(column.accepted_values)})
    if column.minimum is not None:
        yield Rule(BETWEEN, column.name, WARNING, {"min_value": column.minimum})
    if length := max_length(column):
        yield Rule(LENGTH, column.name, WARNING, {"max_value": length})
