"""Rows that are kept are the same rows, whether the driver or the executors keep them."""

import pytest

from spark_bronze_to_silver import kept as module
from spark_bronze_to_silver.kept import Kept

pytestmark = pytest.mark.spark

VALUES = """
    select * from values
        ('a', timestamp'0001-01-01 00:00:00.000001', date'0001-01-01', 12345678901234.56bd,
         array('x', null), true, named_struct('n', 1)),
        (null, timestamp'1883-11-18 12:03:57.999999', date'1582-10-14', null, array(), null, null),
        ('z', timestamp'9999-12-31 23:59:59.999999', date'9999-12-31', -0.01bd, null, false,
         named_struct('n', null))
    as t(text, moment, day, amount, list, flag, pair)
"""


def as_text(rows):
    """Read in Java: Python's own datetimes go through the machine's time zone."""
    return sorted(rows.selectExpr("to_json(struct(*)) as row").collect())


@pytest.mark.parametrize("few_rows", [10_000, 2])
def test_kept_rows_are_equal_to_the_rows(spark, monkeypatch, few_rows):
    monkeypatch.setattr(module, "FEW_ROWS", few_rows)
    rows = spark.sql(VALUES)
    with Kept() as kept:
        same = kept.keep(rows)
        assert as_text(same) == as_text(rows)
        assert same.schema == rows.schema


def test_rows_are_worked_out_once(spark):
    rows = spark.range(3).selectExpr("uuid() as random")
    for few in (True, False):
        with Kept(few=few) as kept:
            same = kept.keep(rows)
            assert same.collect() == same.collect()


def test_many_rows_are_not_the_drivers(spark, monkeypatch):
    monkeypatch.setattr(module, "FEW_ROWS", 2)
    with Kept() as kept:
        few, many = kept.keep(spark.range(2).toDF("n")), kept.keep(spark.range(3).toDF("n"))
        assert not few.storageLevel.useMemory
        assert many.storageLevel.useMemory
        assert kept.keep(spark.range(1).toDF("n")).storageLevel.useMemory, (
            "what follows from many is many"
        )
    assert not many.storageLevel.useMemory


def test_few_rows_need_no_shuffle(spark):
    with Kept() as kept:
        few = kept.keep(spark.range(20).selectExpr("id % 3 as k", "id"))
        plan = few.groupBy("k").count().join(few, "k")._jdf.queryExecution().executedPlan()
        assert "hashpartitioning" not in plan.toString()
