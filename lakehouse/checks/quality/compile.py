"""From a contract to the expectations of its Silver table; no data is read here.

Rules of single rows are those that the job's quality gate checks on each batch. What only the whole
table can tell, such as uniqueness, is added here. Whether foreign keys find their row is tested by
dbt.
"""

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.registry import get_expectation_impl
from great_expectations.expectations.row_conditions import Column as RowColumn

from contracts import Contract
from spark_bronze_to_silver.quality.rules import Rule, row_rules
from spark_bronze_to_silver.schemas import silver_columns

CRITICAL = FailureSeverity.CRITICAL
WARNING = FailureSeverity.WARNING
LIVE_ROWS = RowColumn("is_deleted") == False  # noqa: E712 (builds a condition, compares nothing)


def suite_for(contract: Contract) -> ExpectationSuite:
    """All expectations of the contract's Silver table; the suite has the table's name.

    A broken key, change order, column list, uniqueness or required value is critical: what is
    built on the table is then wrong. A value outside its set, bound or length is a warning.
    """
    expectations = [*_table_rules(contract), *map(expectation_of, row_rules(contract))]
    return ExpectationSuite(name=contract.name, expectations=expectations)


def expectation_of(rule: Rule) -> Expectation:
    """The rule as Great Expectations has it."""
    condition = {"row_condition": LIVE_ROWS} if rule.live_rows else {}
    severity = FailureSeverity(rule.severity)
    kind = get_expectation_impl(rule.expectation)
    return kind(column=rule.column, severity=severity, **condition, **rule.arguments)


def _table_rules(contract: Contract) -> list[gxe.Expectation]:
    key, columns = list(contract.key), list(silver_columns(contract))
    unique = [c.name for c in contract.columns if c.unique and c.name not in contract.key]
    live = {"row_condition": LIVE_ROWS, "severity": CRITICAL}
    return [
        gxe.ExpectTableColumnsToMatchSet(column_set=columns, exact_match=True, severity=CRITICAL),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=key, severity=CRITICAL),
        *(gxe.ExpectColumnValuesToBeUnique(column=name, **live) for name in unique),
    ]
