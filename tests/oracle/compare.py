"""Compares a mart as it is with the mart as it must be, cell by cell, and says what differs."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

SHOWN = 20
RELATIVE_TOLERANCE = 1e-9
"""Of ratios only: two engines may add doubles in another order. Money and counts are exact."""

Row = dict[str, Any]
Key = tuple[Any, ...]


def differences(
    mart: str, expected: list[Row], actual: list[Row], *, key: tuple[str, ...]
) -> list[str]:
    """One readable line per difference, empty when the two are equal; order of rows is ignored.

    Reports missing and extra columns, missing, extra and repeated rows, and every differing cell,
    where a value of the wrong type differs too. At most SHOWN lines and one with the count of
    the rest.
    """
    found = _all_differences(expected, actual, key)
    lines = [f"{mart}: {line}" for line in islice(found, SHOWN)]
    rest = sum(1 for _ in found)
    return [*lines, f"{mart}: ... and {rest} more differences"] if rest else lines


def _all_differences(expected: list[Row], actual: list[Row], key: tuple[str, ...]) -> Iterator[str]:
    yield from _column_differences(expected, actual)
    keyless = [
        f"{side} rows have no key column {column}"
        for side, rows in (("expected", expected), ("actual", actual))
        for column in key
        if any(column not in row for row in rows)
    ]
    yield from keyless
    if not keyless:
        yield from _row_differences(expected, actual, key)


def _column_differences(expected: list[Row], actual: list[Row]) -> Iterator[str]:
    if not expected or not actual:
        return  # without a row nothing is known about the columns; the rows are reported instead
    wanted, present = _columns(expected), _columns(actual)
    yield from (
        f"column {name} is missing" for name in wanted if any(name not in row for row in actual)
    )
    yield from (f"column {name} is not expected" for name in present if name not in wanted)


def _columns(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _row_differences(expected: list[Row], actual: list[Row], key: tuple[str, ...]) -> Iterator[str]:
    wanted, present = _by_key(expected, key), _by_key(actual, key)
    yield from _repeated("expected", expected, key)
    yield from _repeated("actual", actual, key)
    for each, row in wanted.items():
        if each in present:
            yield from _cell_differences(_named(key, each), row, present[each])
        else:
            yield f"row {_named(key, each)} is missing"
    yield from (
        f"row {_named(key, each)} is not expected" for each in present if each not in wanted
    )


def _by_key(rows: list[Row], key: tuple[str, ...]) -> dict[Key, Row]:
    return {tuple(row[column] for column in key): row for row in rows}


def _repeated(side: str, rows: list[Row], key: tuple[str, ...]) -> Iterator[str]:
    times = Counter(tuple(row[column] for column in key) for row in rows)
    for each, count in times.items():
        if count > 1:
            yield f"row {_named(key, each)} occurs {count} times in the {side} rows"


def _named(key: Sequence[str], values: Key) -> str:
    return "(" + ", ".join(f"{k}={v}" for k, v in zip(key, values, strict=True)) + ")"


def _cell_differences(where: str, expected: Row, actual: Row) -> Iterator[str]:
    for column in (name for name in expected if name in actual):
        wanted, present = expected[column], actual[column]
        if not _same(wanted, present):
            yield f"row {where}, {column}: expected {_shown(wanted)}, is {_shown(present)}"


def _same(expected: Any, actual: Any) -> bool:
    """Whether the values are equal and of one kind: 1, 1.0, Decimal(1) and True all differ."""
    if _kind(expected) is not _kind(actual):
        return False
    if isinstance(expected, float):
        return math.isclose(expected, actual, rel_tol=RELATIVE_TOLERANCE)
    return bool(expected == actual)


def _kind(value: Any) -> type:
    # bool is an int and datetime is a date, so the narrower type is asked for first.
    kinds = (bool, int, Decimal, float, datetime, date, str)
    return next((kind for kind in kinds if isinstance(value, kind)), type(value))


def _shown(value: Any) -> str:
    if value is None or isinstance(value, str):
        return repr(value)
    return f"{value} ({_kind(value).__name__})"
