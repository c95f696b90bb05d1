"""Gold of two engines is compared value by value, not text by text."""

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from lakehouse.rehearsal.athena_client import Result
from lakehouse.rehearsal.comparison import compare, gold_tables

TYPES = {
    "day": "date",
    "share": "double",
    "amount": "decimal",
    "moment": "timestamp",
    "ok": "boolean",
    "n": "bigint",
    "name": "varchar",
}
ROW = ("2026-11-21", "1.0E-5", "2.50", "2026-11-21 01:02:03.000000", "true", "7", "x")


class Answering:
    """Answers every query with these rows."""

    def __init__(self, *rows):
        self._rows = rows

    def query(self, sql, database):
        return Result(TYPES, self._rows)


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("create schema lakehouse_gold")
        # In another order, as two engines may have them.
        connection.execute(
            "create table lakehouse_gold.t (name varchar, n bigint, ok boolean, moment timestamp, "
            "amount decimal(18, 2), share double, day date)"
        )
        yield connection


def fill(connection, **changes):
    values = {
        "name": "x",
        "n": 7,
        "ok": True,
        "moment": datetime(2026, 11, 21, 1, 2, 3),
        "amount": Decimal("2.50"),
        "share": 0.00001,
        "day": date(2026, 11, 21),
    } | changes
    marks = ", ".join("?" for _ in values)
    connection.execute(f"insert into lakehouse_gold.t values ({marks})", list(values.values()))


def test_equal_values_are_equal_however_they_are_written(connection):
    fill(connection)
    found = compare(Answering(ROW), connection, "t")
    assert found.is_equal and found.rows == 1
    assert gold_tables(connection) == ["t"]


@pytest.mark.parametrize(
    "changes", [{"share": 0.000011}, {"amount": Decimal("2.51")}, {"name": None}, {"name": ""}]
)
def test_any_other_value_is_a_difference_and_is_named(connection, changes):
    fill(connection, **changes)
    found = compare(Answering(ROW), connection, "t")
    assert (found.only_athena, found.only_duckdb) == (1, 1)
    (column,) = changes
    assert found.examples[0].startswith(f"{column}: Athena ")


def test_a_row_too_many_is_a_difference(connection):
    fill(connection)
    assert not compare(Answering(ROW, ROW), connection, "t").is_equal
    assert not compare(Answering(), connection, "t").is_equal


def test_null_is_not_the_empty_text(connection):
    fill(connection, name=None)
    assert compare(Answering((*ROW[:-1], None)), connection, "t").is_equal
    assert not compare(Answering((*ROW[:-1], "")), connection, "t").is_equal
