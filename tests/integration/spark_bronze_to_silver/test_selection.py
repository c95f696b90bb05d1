"""Rows get a table's columns, and what fits already is left alone."""

import pytest

from spark_bronze_to_silver.selection import as_typed

pytestmark = pytest.mark.spark

COLUMNS = {"id": "string", "amount": "decimal(12,2)", "at": "timestamp"}


@pytest.fixture
def rows(spark):
    return spark.sql("select timestamp '2026-01-02' as at, 'a' as id, 7 as amount, 3 as n")


def test_order_types_and_what_stays_beside_them(rows):
    typed = as_typed(rows, COLUMNS, "n")
    assert dict(typed.dtypes) == {**COLUMNS, "n": "int"}
    assert typed.columns == [*COLUMNS, "n"]
    assert typed.selectExpr("id", "string(amount)", "string(at)", "n").collect() == [
        ("a", "7.00", "2026-01-02 00:00:00", 3)
    ]


def test_rows_that_fit_are_the_same_frame(rows):
    typed = as_typed(rows, COLUMNS)
    assert as_typed(typed, COLUMNS) is typed
    assert as_typed(typed, dict(reversed(COLUMNS.items()))) is not typed


def test_a_column_that_is_not_there_is_a_defect(rows):
    with pytest.raises(KeyError, match="missing"):
        as_typed(rows, {**COLUMNS, "missing": "string"})
