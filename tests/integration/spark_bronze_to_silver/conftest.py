"""One table's lake, which the tests of this folder fill and run."""

from pathlib import Path

import pytest

from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.schemas import silver_columns
from spark_bronze_to_silver.to_silver import run_table
from tests.fakes.bronze import bronze_row, write_bronze, write_bronze_csv
from tests.fakes.silver_rows import silver_rows


class Lake:
    """Bronze and Silver of one table, in a folder of the test's own."""

    def __init__(self, spark, root: Path, contract):
        self.spark, self.contract = spark, contract
        self.bronze, self.silver = root / "bronze", root / "silver"

    def put(self, name, *rows):
        write = write_bronze if name.endswith(".parquet") else write_bronze_csv
        return write(self.bronze, self.contract, name, rows)

    def row(self, op, seq, **values):
        return bronze_row(self.contract, op, seq, **values)

    def run(self, **options):
        layers = {"bronze": str(self.bronze), "silver": str(self.silver)}
        return run_table(self.spark, self.contract, **layers, **options)

    @property
    def table(self):
        return HudiTable(self.spark, self.contract.name, str(self.path), self.contract.key)

    @property
    def path(self):
        return self.silver / self.contract.name

    def rows(self, *columns):
        rows = silver_rows(self.silver, self.contract, "id", *columns)
        return {key: tuple(values) for key, *values in rows}

    def content(self):
        names = [c for c in silver_columns(self.contract) if c not in ("id", "silver_processed_at")]
        return self.rows(*names)


@pytest.fixture
def lake(spark, tmp_path, contracts):
    """Makes the lake of the table with this name, in a folder of its own when one is given."""
    return lambda table, folder="": Lake(spark, tmp_path / folder, contracts[table])


@pytest.fixture
def orders(lake):
    return lake("order")


@pytest.fixture
def invoices(lake):
    """A table from which nothing is derived: what only merges is cheapest to show here."""
    return lake("invoice")
