"""PostgreSQL's text becomes what DMS writes, or is refused by name."""

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from lakehouse.dms.bronze_types import bronze_batch
from lakehouse.dms.errors import UntypableValueError


def typed(contract, name, *texts):
    """The column's Bronze values when all other columns are null."""
    rows = len(texts)
    columns = [
        pa.array(texts if c.name == name else [None] * rows, pa.string()) for c in contract.columns
    ]
    ends = pa.array([""] * rows)
    batch = bronze_batch(contract, ends, columns, committed_at=ends, change_seq=ends)
    return batch.column(name).to_pylist()


@pytest.mark.parametrize(
    ("table", "column", "text", "value"),
    [
        ("product", "is_active", "t", "true"),
        ("product", "is_active", "f", "false"),
        ("product", "price", "-9999999999.99", Decimal("-9999999999.99")),
        ("product", "stock_quantity", "-2147483648", -(2**31)),
        (
            "product",
            "created_at",
            "2026-01-02 03:04:05.6+00",
            datetime(2026, 1, 2, 3, 4, 5, 600000),
        ),
        ("product", "created_at", "2024-07-01 00:00:00+02", datetime(2024, 6, 30, 22)),
        ("invoice", "issue_date", "2024-02-29", date(2024, 2, 29)),
        ("event", "ip_address", "2001:db8::1", "2001:db8::1"),
        ("product", "description", "", ""),
    ],
)
def test_values(contracts, table, column, text, value):
    assert typed(contracts[table], column, text, None) == [value, None]


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("product", "is_active", "true"),
        ("product", "price", "NaN"),
        ("product", "price", "0.123"),
        ("product", "stock_quantity", "2147483648"),
        ("product", "created_at", "2026-01-02 03:04:05"),
        ("product", "created_at", "infinity"),
        ("invoice", "issue_date", "0044-03-15 BC"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_its_column_named(contracts, table, column, text):
    with pytest.raises(UntypableValueError, match=rf"core_{table}\.{column}: .*contracts/{table}"):
        typed(contracts[table], column, text)
