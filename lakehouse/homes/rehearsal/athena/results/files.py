"""The files that Athena leaves in S3 for a query: its rows, and what their columns are.

Rows are CSV with every value in quotes and nulls as nothing (Athena user guide, "Working with query
results"); those of DDL and UTILITY statements are lines of text. The `.metadata` file is a binary
form that AWS does not publish; here it holds the same facts as JSON.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from moto.s3.models import s3_backends

from lakehouse.homes.rehearsal.athena.errors import StatementError
from lakehouse.homes.rehearsal.athena.translation.plan import Kind

PARTITION = "aws"
Row = Sequence[str | None]


def write_result(
    account: str, location: str, kind: Kind, columns: Sequence[dict[str, Any]], rows: Sequence[Row]
) -> None:
    """Write rows and metadata. Raises StatementError when the bucket does not exist."""
    body = _csv(columns, rows) if kind is Kind.DML else _lines(rows)
    put_object(account, location, body.encode())
    put_object(account, f"{location}.metadata", json.dumps({"columns": list(columns)}).encode())


def put_object(account: str, location: str, body: bytes) -> None:
    """Write one object. Raises StatementError when the bucket does not exist."""
    place = urlsplit(location)
    backend = s3_backends[account][PARTITION]
    if place.netloc not in backend.buckets:
        raise StatementError(
            "FAILED",
            f"Unable to verify/create output bucket {place.netloc}. Query results are written "
            "there; make the bucket or name another output location",
        )
    backend.put_object(place.netloc, place.path.lstrip("/"), body)


def _csv(columns: Sequence[dict[str, Any]], rows: Sequence[Row]) -> str:
    lines = [[c["Name"] for c in columns], *rows]
    return "".join(",".join(map(_csv_value, line)) + "\n" for line in lines)


def _csv_value(value: str | None) -> str:
    return "" if value is None else '"' + value.replace('"', '""') + '"'


def _lines(rows: Sequence[Row]) -> str:
    return "".join("\t".join(value or "" for value in row) + "\n" for row in rows)
