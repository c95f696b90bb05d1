"""Frames of typed rows, as a table's `clean` gets them, from rows that name only what matters."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession

from contracts import Contract
from spark_bronze_to_silver.schemas import typed_columns
from spark_bronze_to_silver.tables import cleaner

COMMITTED_AT = dt.datetime(2026, 3, 1, 12)
COMMON: Mapping[str, Any] = {
    "id": "a",
    "tenant_id": "t",
    "is_deleted": False,
    "source_op": "I",
    "source_seq": "0" * 35,
    "source_order": "0" * 35,
    "source_committed_at": COMMITTED_AT,
    "silver_processed_at": COMMITTED_AT,
    "dq_issues": [],
}


def typed_rows(
    spark: SparkSession, contract: Contract, rows: Iterable[Mapping[str, Any]]
) -> DataFrame:
    """One row each; columns that a row does not name are null, or as in a clean live row."""
    columns = typed_columns(contract)
    schema = ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
    filled = [[({**COMMON, **row}).get(name) for name in columns] for row in rows]
    return spark.createDataFrame(filled, schema)


def cleaned(spark: SparkSession, contract: Contract, *rows: Mapping[str, Any]) -> list[Row]:
    """The rows after the table's cleaning, in the order given."""
    numbered = [{**row, "id": f"{number:04d}"} for number, row in enumerate(rows)]
    frame = cleaner(contract.name)(typed_rows(spark, contract, numbered))
    return frame.orderBy("id").collect()
