"""Writes rows by COPY: the one place that knows PostgreSQL's text format."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from .rows import TABLES, Row

ROWS_PER_CHUNK = 500
# COPY's text format: these characters have a meaning inside a value.
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def copy_rows(
    cursor: Any, table: str, rows: Iterable[Row], on_progress: Callable[[int], Any]
) -> int:
    """COPY rows into the table through a psycopg2 cursor; returns how many.

    `on_progress` gets the number of rows sent since its last call. Memory is constant.
    """
    stream = _RowStream(rows, on_progress)
    columns = ", ".join(TABLES[table]._fields)
    cursor.copy_expert(f"copy {table} ({columns}) from stdin", stream)
    return stream.rows_read


def copy_line(row: Row) -> str:
    """One row in COPY's text format, with its line end."""
    return "\t".join([_TEXT[type(value)](value) for value in row]) + "\n"


class _RowStream:
    """Rows as the file that copy_expert reads from."""

    def __init__(self, rows: Iterable[Row], on_progress: Callable[[int], Any]) -> None:
        self._rows: Iterator[Row] = iter(rows)
        self._on_progress = on_progress
        self._text, self._position = "", 0
        self.rows_read = 0

    def read(self, size: int) -> str:
        """Up to `size` characters; an empty text at the end."""
        if self._position >= len(self._text):
            self._refill()
        part = self._text[self._position : self._position + size]
        self._position += len(part)
        return part

    def _refill(self) -> None:
        lines = [copy_line(row) for row in islice(self._rows, ROWS_PER_CHUNK)]
        self._text, self._position = "".join(lines), 0
        self.rows_read += len(lines)
        self._on_progress(len(lines))


def _escaped(text: str) -> str:
    return text.translate(ESCAPES)


_TEXT: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: r"\N",
    bool: lambda value: "t" if value else "f",
    str: _escaped,
    int: str,
    Decimal: str,
    UUID: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    dict: lambda value: _escaped(json.dumps(value, ensure_ascii=False)),
}
