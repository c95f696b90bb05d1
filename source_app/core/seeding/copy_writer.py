"""Writes rows by COPY: the one place that knows PostgreSQL's text format."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from .rows import TABLES, Row

ROWS_PER_CHUNK = 1_000
# psycopg2 asks for this many characters at a time, and waits for the interpreter each time.
READ_SIZE = 1 << 20


class Chunk(NamedTuple):
    """Some rows of one table in COPY's text format."""

    table: str
    text: str
    rows: int


def as_chunks(batches: Iterable[tuple[str, Iterable[Row]]]) -> Iterator[Chunk]:
    """The rows of the batches as text; only one chunk is held at a time."""
    for table, rows in batches:
        stream = iter(rows)
        while lines := [copy_line(row) for row in islice(stream, ROWS_PER_CHUNK)]:
            yield Chunk(table, "".join(lines), len(lines))


def copy_chunks(
    cursor: Any, chunks: Iterable[Chunk], on_progress: Callable[[str, int], Any]
) -> None:
    """COPY the chunks through a psycopg2 cursor, neighbours of one table in one statement.

    `on_progress` gets a table and the number of rows sent since its last call.
    """
    for table, group in groupby(chunks, attrgetter("table")):
        columns = ", ".join(TABLES[table]._fields)
        stream = _ChunkFile(group, on_progress)
        cursor.copy_expert(f"copy {table} ({columns}) from stdin", stream, READ_SIZE)


def copy_line(row: Row) -> str:
    """One row in COPY's text format, with its line end."""
    return "\t".join([_TEXT[type(value)](value) for value in row]) + "\n"


class _ChunkFile:
    """Chunks as the file that copy_expert reads from."""

    def __init__(self, chunks: Iterator[Chunk], on_progress: Callable[[str, int], Any]) -> None:
        self._chunks, self._on_progress = chunks, on_progress
        self._text, self._position = "", 0

    def read(self, size: int) -> str:
        """Up to `size` characters; an empty text at the end."""
        if self._position >= len(self._text):
            self._refill()
        part = self._text[self._position : self._position + size]
        self._position += len(part)
        return part

    def _refill(self) -> None:
        chunk = next(self._chunks, None)
        self._text, self._position = chunk.text if chunk else "", 0
        if chunk:
            self._on_progress(chunk.table, chunk.rows)


def _escaped(text: str) -> str:
    # These characters have a meaning inside a value. Four replacements that find nothing are five
    # times as fast as one str.translate.
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def _json(value: Any) -> str:
    return _escaped(json.dumps(value, ensure_ascii=False))


_TEXT: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: r"\N",
    bool: lambda value: "t" if value else "f",
    str: _escaped,
    int: str,
    Decimal: str,
    UUID: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    dict: _json,
    list: _json,
}
