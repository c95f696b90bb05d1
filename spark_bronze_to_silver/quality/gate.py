"""Checks a batch's rows against all rules in one aggregation, and refuses what is critical.

The measures join the aggregation that counts the batch anyway, so the gate starts no Spark job
unless a critical rule fails. What each rule means is what Great Expectations means by it; a test
holds the two against each other (decision 0043).
"""

import functools

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F  # noqa: N812

from contracts import Contract
from spark_bronze_to_silver.errors import QualityGateError
from spark_bronze_to_silver.quality.result import BatchQuality, FailedRule
from spark_bronze_to_silver.quality.rules import (
    BETWEEN,
    IN_SET,
    LENGTH,
    NOT_NULL,
    REGEX,
    Rule,
    row_rules,
)

EXAMPLES = 3
ROWS, VALID = "_rows", "_valid"


# Built once a process, as in `conform`.
@functools.cache
def measures(contract: Contract) -> tuple[Column, ...]:
    """Aggregates over the Silver rows of the contract, for `quality_of`."""
    broken = [is_broken(rule) for rule in row_rules(contract)]
    each = [F.count_if(condition).alias(_name(n)) for n, condition in enumerate(broken)]
    is_invalid = F.array_contains(F.array(*broken), True)
    return F.count("*").alias(ROWS), F.count_if(~is_invalid).alias(VALID), *each


def quality_of(contract: Contract, measured: Row) -> BatchQuality:
    """What the measures say; measured may hold other values beside them."""
    rules = row_rules(contract)
    failed = tuple(
        FailedRule(rule.expectation, rule.column, rule.severity, measured[_name(n)])
        for n, rule in enumerate(rules)
        if measured[_name(n)]
    )
    return BatchQuality(measured[ROWS], measured[VALID], len(rules), failed)


def refuse_critical(quality: BatchQuality, rows: DataFrame, contract: Contract) -> None:
    """Raises QualityGateError, with keys of a few rows, when a critical rule fails."""
    if not quality.critical:
        return
    rules = {(rule.expectation, rule.column): rule for rule in row_rules(contract)}
    listed = []
    for failed in quality.critical:
        broken = rows.where(is_broken(rules[failed.expectation, failed.column]))
        keys = broken.select(*contract.key).orderBy(*contract.key).take(EXAMPLES)
        shown = "; ".join(", ".join(f"{n}={v}" for n, v in r.asDict().items()) for r in keys)
        count = f"{failed.rows} of {quality.rows} rows"
        listed.append(f"{failed.expectation}({failed.column}): {count}, such as {shown}")
    raise QualityGateError(
        f"{contract.name}: the batch breaks what contracts/{contract.name}.odcs.yaml calls "
        "critical:\n  " + "\n  ".join(listed) + "\nNothing was committed and Bronze is untouched. "
        "Mend the rows in the source or the contract and run the job again, or let the batch pass "
        "once with --quality-gate record."
    )


def is_broken(rule: Rule) -> Column:
    """True where a row breaks the rule, never null."""
    broken = F.coalesce(_is_outside(rule, F.col(f"`{rule.column}`")), F.lit(False))
    return broken & ~F.coalesce(F.col("is_deleted"), F.lit(True)) if rule.live_rows else broken


def _is_outside(rule: Rule, value: Column) -> Column:
    given = rule.arguments
    outside = {
        NOT_NULL: lambda: value.isNull(),
        IN_SET: lambda: ~value.isin(given["value_set"]),
        BETWEEN: lambda: value < given["min_value"],
        LENGTH: lambda: F.length(value) > given["max_value"],
        REGEX: lambda: ~value.rlike(given["regex"]),
    }
    return outside[rule.expectation]()


def _name(number: int) -> str:
    return f"_rule_{number}"
