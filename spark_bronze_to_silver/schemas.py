"""Spark schemas of both layers, derived from a contract.

PySpark loads only where a Spark schema is made: readers of Silver without Spark need the names.
"""

from typing import TYPE_CHECKING

from contracts import Contract, DerivedTable

if TYPE_CHECKING:
    from pyspark.sql.types import StructType

# The columns that DMS adds: Op by IncludeOpForFullLoad, the commit time by TimestampColumnName,
# the change sequence by a transformation rule with $AR_H_CHANGE_SEQ.
OP = "Op"
COMMITTED_AT = "dms_committed_at"
CHANGE_SEQ = "dms_change_seq"
# What DMS writes in them (AWS DMS user guide, $AR_H_CHANGE_SEQ: a timestamp and an increasing
# number, 35 digits in all).
OPERATIONS = ("I", "U", "D")
CHANGE_SEQ_PATTERN = "^[0-9]{35}$"
# Not in the file: the path of the file that a Bronze row was read from, and the whole line when
# it could not be split into the columns.
FILE = "_file"
MALFORMED = "_malformed"
# Beside a typed row: why it could not be typed, null when it could, and its Bronze values then.
PROBLEM = "_problem"
RAW = "_raw"
# The quarantine of each Silver table, in this folder beside the tables. Key: file (relative to the
# table's Bronze folder) and row_hash. An entry for a whole file has 0 rows. Moments are text, UTC.
QUARANTINE_FOLDER = "_quarantine"
ROW_HASH = "row_hash"
QUARANTINE_COLUMNS = {
    "file": "string",
    ROW_HASH: "string",
    "reason": "string",
    "rows": "bigint",
    "raw": "string",
    "contract_version": "string",
    "first_seen_at": "string",
    "state": "string",
    "state_at": "string",
}

BRONZE_SPARK_TYPES = {
    "string": "string",
    "int32": "integer",
    "int64": "long",
    "date32": "date",
    "timestamp": "timestamp",
}
# Columns of every Silver table beside its source columns.
SILVER_COMMON = {
    "tenant_id": "string",
    "is_deleted": "boolean",
    "source_op": "string",
    "source_seq": "string",
    "source_order": "string",
    "source_committed_at": "timestamp",
    "silver_processed_at": "timestamp",
    "dq_issues": "array<string>",
}


def bronze_schema(contract: Contract) -> "StructType":
    """Columns of the table's Bronze files, in the order in which DMS writes them.

    DMS puts its time before the source columns and an added column after them
    (docs/dms-layout.md). In files without a header the position is all that a column has.
    """
    source = {c.name: _spark_type(c.bronze_type) for c in contract.columns}
    return _struct({OP: "string", COMMITTED_AT: "string", **source, CHANGE_SEQ: "string"})


def typed_columns(contract: Contract) -> dict[str, str]:
    """Name and Spark SQL type of the columns that typing gives every row, in order."""
    source = {c.name: c.silver_type for c in contract.columns}
    return {**source, **{n: ty for n, ty in SILVER_COMMON.items() if n not in source}}


def silver_columns(contract: Contract | DerivedTable) -> dict[str, str]:
    """Name and Spark SQL type of all columns of the Silver table, in order."""
    if isinstance(contract, DerivedTable):
        return {c.name: c.silver_type for c in contract.columns}
    return {**typed_columns(contract), **{c.name: c.silver_type for c in contract.derived}}


def _spark_type(bronze_type: str) -> str:
    return BRONZE_SPARK_TYPES.get(bronze_type, bronze_type)


def _struct(columns: dict[str, str]) -> "StructType":
    from pyspark.sql.types import StructType

    schema = StructType()
    for name, spark_type in columns.items():
        schema.add(name, spark_type, nullable=True)
    return schema
