"""A contract compiles to exactly the expectations that it asks for."""

import subprocess
import sys

import pytest

from contracts import Column, Contract
from lakehouse.checks.quality.compile import LIVE_ROWS, suite_for
from spark_bronze_to_silver.schemas import silver_columns


def column(name: str, source_type: str = "text", **given) -> Column:
    settings = {"required": False, "unique": False, "classification": "internal"} | given
    return Column(
        name=name,
        source_type=source_type,
        bronze_type="string",
        silver_type="string",
        description="",
        **settings,
    )


def contract(*columns: Column) -> Contract:
    key = (column("id", "uuid", required=True, unique=True), column("tenant_id", required=True))
    return Contract(
        name="parcel",
        version="1.0.0",
        description="",
        grain="",
        source_schema="public",
        source_table="core_parcel",
        tenant_column="tenant_id",
        history=False,
        retention_years=1,
        columns=(*key, *columns),
        derived=(),
    )


def rules(compiled: Contract) -> dict[tuple[str, str], dict]:
    """(expectation type, column) -> its arguments and severity; fails on a rule given twice."""
    found = {}
    for one in suite_for(compiled).expectations:
        kwargs = dict(one.configuration.kwargs)
        name = kwargs.pop("column", None) or ",".join(sorted(map(str, kwargs.values())))
        assert (one.expectation_type, name) not in found
        found[one.expectation_type, name] = kwargs | {"severity": one.severity.value}
    return found


ALWAYS = len(rules(contract()))


def only_rules_of(name: str, compiled: Contract) -> dict[str, dict]:
    found = rules(compiled)
    return {kind: kwargs for (kind, column_name), kwargs in found.items() if column_name == name}


def is_for_live_rows(kwargs: dict) -> bool:
    # Here and not above: the library takes two seconds, of every test process that collects.
    from great_expectations.expectations.row_conditions import deserialize_row_condition

    condition = kwargs.get("row_condition")
    condition = deserialize_row_condition(condition) if isinstance(condition, dict) else condition
    return condition == LIVE_ROWS


def test_every_table_has_the_rules_of_key_columns_and_change_order():
    compiled = contract()
    types = [(e.expectation_type, e.severity.value) for e in suite_for(compiled).expectations]
    not_null = {name for kind, name in rules(compiled) if kind.endswith("not_be_null")}
    assert not_null == {"id", "tenant_id", "is_deleted", "source_op", "source_seq", "source_order"}
    assert sorted(types) == sorted(
        [
            ("expect_table_columns_to_match_set", "critical"),
            ("expect_compound_columns_to_be_unique", "critical"),
            *[("expect_column_values_to_not_be_null", "critical")] * 6,
            ("expect_column_values_to_be_in_set", "critical"),
            *[("expect_column_values_to_match_regex", "critical")] * 2,
        ]
    )
    assert not any("row_condition" in kwargs for kwargs in rules(compiled).values())


def test_the_column_list_is_that_of_the_silver_table():
    compiled = contract(column("note"))
    columns = suite_for(compiled).expectations[0]
    assert set(columns.column_set) == set(silver_columns(compiled))
    assert columns.exact_match


def test_a_column_without_rules_adds_none():
    assert len(rules(contract(column("note")))) == ALWAYS


@pytest.mark.parametrize(
    ("given", "kind", "arguments", "severity"),
    [
        (column("c", required=True), "expect_column_values_to_not_be_null", {}, "critical"),
        (column("c", unique=True), "expect_column_values_to_be_unique", {}, "critical"),
        (
            column("c", accepted_values=("new", "old")),
            "expect_column_values_to_be_in_set",
            {"value_set": ["new", "old"]},
            "warning",
        ),
        (
            column("c", "numeric(12,2)", minimum=0),
            "expect_column_values_to_be_between",
            {"min_value": 0},
            "warning",
        ),
        (
            column("c", "character varying(20)"),
            "expect_column_value_lengths_to_be_between",
            {"max_value": 20},
            "warning",
        ),
    ],
)
def test_each_setting_of_a_column_adds_one_rule_for_live_rows(given, kind, arguments, severity):
    compiled = contract(given)
    assert len(rules(compiled)) == ALWAYS + 1
    ((found, kwargs),) = only_rules_of("c", compiled).items()
    assert found == kind
    assert kwargs["severity"] == severity
    assert is_for_live_rows(kwargs)
    assert arguments.items() <= kwargs.items()


def test_every_contract_of_the_project_compiles_to_a_suite_of_its_name(contracts):
    for compiled in contracts.values():
        assert suite_for(compiled).name == compiled.name
        assert len(rules(compiled)) > ALWAYS


def test_importing_the_package_does_not_load_great_expectations():
    code = (
        "import sys, lakehouse.checks.quality;"
        "sys.exit(any(m in sys.modules for m in ('great_expectations', 'pandas', 'pyspark')))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
