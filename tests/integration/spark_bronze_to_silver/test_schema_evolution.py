"""A source table changes its columns; old and new files lie in one batch."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from spark_bronze_to_silver.errors import UnreadableBronzeError
from tests.fakes.bronze import bronze_row, cdc_name

pytestmark = [pytest.mark.spark, pytest.mark.slow]


def evolved(contract, **columns):
    """The contract with other settings of some columns, by name."""
    return replace(
        contract,
        columns=tuple(replace(c, **columns.get(c.name, {})) for c in contract.columns),
    )


def put_changed(lake, contract, name, row, change):
    """A file with the columns that the source had when DMS wrote it, not those of the contract."""
    lake.contract, evolved_contract = contract, lake.contract
    path = lake.put(name, row)
    lake.contract = evolved_contract
    pq.write_table(change(pq.read_table(path)), path)


def with_type(table, name, kind, value=None):
    place = table.schema.get_field_index(name)
    column = table.column(name).cast(kind) if value is None else pa.array([value], kind)
    return table.set_column(place, name, column)


def as_after_the_migration(table):
    """stock_quantity became bigint, price grew by two digits, category was dropped."""
    table = with_type(table.drop(["category"]), "stock_quantity", pa.int64(), 2**40)
    return with_type(table, "price", pa.decimal128(14, 2))


WIDENED = {
    "stock_quantity": {"bronze_type": "int64", "silver_type": "bigint"},
    "price": {"bronze_type": "decimal(14,2)"},
    "category": {"required": False},
}


def test_old_and_new_files_of_a_changed_table_in_one_batch(lake):
    products = lake("product")
    old = products.contract
    rows = [products.row("I", n, id=k, stock_quantity=n) for n, k in ((6, "kept"), (7, "stored"))]
    products.put(cdc_name(1), *rows)
    products.run()
    products.put(cdc_name(2), products.row("I", 2, id="before", stock_quantity=8))
    products.contract = evolved(old, **WIDENED)
    for number, key in ((10, "after"), (11, "stored")):
        row = bronze_row(old, "U", number, id=key)
        put_changed(products, old, cdc_name(number), row, as_after_the_migration)

    assert products.run().rows_accepted == 3

    found = products.rows("stock_quantity", "price", "source_category")
    assert {key: values[0] for key, values in found.items()} == {
        "kept": 6,
        "stored": 2**40,
        "before": 8,
        "after": 2**40,
    }
    assert {str(values[1]) for values in found.values()} == {"11.25"}
    dropped = {key: values[2] for key, values in found.items()}
    assert dropped == {"kept": "word", "stored": None, "before": "word", "after": None}

    def as_text(table):
        return with_type(table, "stock_quantity", pa.string())

    put_changed(products, old, "LOAD00000001.parquet", bronze_row(old, "I", 0, id="x"), as_text)
    with pytest.raises(UnreadableBronzeError, match="stock_quantity is string"):
        products.run()
