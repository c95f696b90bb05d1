"""Columns of a result as GetQueryResults describes them (ColumnInfo)."""

from collections.abc import Mapping
from typing import Any

MAX_LENGTH = 2147483647
# Athena's Type where it is not Trino's own name.
NAMES = {"real": "float"}
# Types with a length or precision, and which one when none is written.
PRECISION = {
    "bigint": 19,
    "integer": 10,
    "smallint": 5,
    "tinyint": 3,
    "double": 17,
    "real": 17,
    "varchar": MAX_LENGTH,
    "varbinary": 1073741824,
    "timestamp": 3,
    "timestamp with time zone": 3,
    "time": 3,
}


def column_info(column: Mapping[str, Any]) -> dict[str, Any]:
    """One column, from Trino's description of it."""
    signature = column["typeSignature"]
    kind = signature["rawType"]
    numbers = [a["value"] for a in signature["arguments"] if a["kind"] == "LONG"]
    precision = numbers[0] if numbers else PRECISION.get(kind, 0)
    return described(
        column["name"],
        NAMES.get(kind, kind),
        precision=min(precision, MAX_LENGTH),
        scale=numbers[1] if len(numbers) > 1 else 0,
    )


def described(
    name: str, kind: str = "string", *, precision: int = 0, scale: int = 0
) -> dict[str, Any]:
    """A column with this name and type."""
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": kind,
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": kind in ("varchar", "char", "string"),
    }
