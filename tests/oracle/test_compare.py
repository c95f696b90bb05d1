"""The comparison must be able to fail: one test for each way in which two marts can differ."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.compare import SHOWN, differences

KEY = ("tenant_id", "dt")


def row(**changes: Any) -> dict[str, Any]:
    return {
        "tenant_id": "a",
        "dt": date(2024, 1, 31),
        "order_count": 3,
        "revenue": Decimal("10.50"),
        "churn_rate": 1 / 3,
        "is_active": True,
        "last_order_at": datetime.fromisoformat("2024-01-31 23:59:59.999999"),
    } | changes


def compare(expected: list[dict[str, Any]], actual: list[dict[str, Any]]) -> list[str]:
    return differences("sales", expected, actual, key=KEY)


def test_equal_rows_in_any_order_have_no_differences() -> None:
    assert compare([row(), row(tenant_id="b")], [row(tenant_id="b"), row()]) == []


def test_two_empty_marts_are_equal() -> None:
    assert compare([], []) == []


def test_a_missing_row_is_reported() -> None:
    assert compare([row()], []) == ["sales: row (tenant_id=a, dt=2024-01-31) is missing"]


def test_an_extra_row_is_reported() -> None:
    assert compare([], [row()]) == ["sales: row (tenant_id=a, dt=2024-01-31) is not expected"]


def test_a_row_that_occurs_twice_is_reported_even_when_both_are_right() -> None:
    assert compare([row()], [row(), row()]) == [
        "sales: row (tenant_id=a, dt=2024-01-31) occurs 2 times in the actual rows"
    ]


def test_an_oracle_with_a_repeated_key_is_reported() -> None:
    [line] = compare([row(), row()], [row()])
    assert line.endswith("occurs 2 times in the expected rows")


def test_a_missing_column_is_reported_once() -> None:
    actual = [row(), row(tenant_id="b")]
    for each in actual:
        del each["revenue"]
    assert compare([row(), row(tenant_id="b")], actual) == ["sales: column revenue is missing"]


def test_a_column_that_only_one_row_lacks_is_reported() -> None:
    lacking = row(tenant_id="b")
    del lacking["revenue"]
    expected = [row(), row(tenant_id="b")]
    assert compare(expected, [row(), lacking]) == ["sales: column revenue is missing"]


def test_an_extra_column_is_reported_once() -> None:
    assert compare([row(), row(tenant_id="b")], [row(x=1), row(tenant_id="b", x=2)]) == [
        "sales: column x is not expected"
    ]


def test_rows_without_a_key_column_are_reported_instead_of_compared() -> None:
    actual = row()
    del actual["dt"]
    assert compare([row()], [actual]) == [
        "sales: column dt is missing",
        "sales: actual rows have no key column dt",
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("order_count", 4),
        ("order_count", 3.0),
        ("order_count", Decimal(3)),
        ("order_count", None),
        ("revenue", Decimal("10.51")),
        ("revenue", Decimal("10.500000000001")),
        ("revenue", 10.5),
        ("revenue", None),
        ("churn_rate", 1 / 3 + 1e-8),
        ("churn_rate", Decimal("0.333333333333")),
        ("churn_rate", float("nan")),
        ("churn_rate", None),
        ("is_active", False),
        ("is_active", 1),
        ("last_order_at", datetime.fromisoformat("2024-01-31 23:59:59.999998")),
        ("last_order_at", datetime(2024, 1, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("last_order_at", date(2024, 1, 31)),
        ("last_order_at", "2024-01-31 23:59:59.999999"),
    ],
)
def test_a_cell_that_differs_in_value_or_type_is_reported(column: str, value: Any) -> None:
    [line] = compare([row()], [row(**{column: value})])
    assert line.startswith(f"sales: row (tenant_id=a, dt=2024-01-31), {column}: expected ")


def test_a_value_where_null_is_expected_is_reported() -> None:
    assert compare([row(churn_rate=None)], [row(churn_rate=0.0)]) == [
        "sales: row (tenant_id=a, dt=2024-01-31), churn_rate: expected None, is 0.0 (float)"
    ]


def test_a_day_given_as_a_moment_is_another_row() -> None:
    actual = row(dt=datetime.fromisoformat("2024-01-31"))
    assert len(compare([row()], [actual])) == 2


def test_doubles_within_the_tolerance_and_money_of_another_scale_are_equal() -> None:
    actual = row(churn_rate=1 / 3 * (1 + 1e-12), revenue=Decimal("10.5"))
    assert compare([row()], [actual]) == []


def test_only_the_first_lines_are_shown_and_the_rest_is_counted() -> None:
    expected = [row(tenant_id=str(n)) for n in range(SHOWN + 5)]
    lines = compare(expected, [])
    assert len(lines) == SHOWN + 1
    assert lines[-1] == "sales: ... and 5 more differences"


def test_exactly_the_shown_number_of_differences_needs_no_count() -> None:
    lines = compare([row(tenant_id=str(n)) for n in range(SHOWN)], [])
    assert len(lines) == SHOWN
    assert "more" not in lines[-1]
