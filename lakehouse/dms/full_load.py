"""The full load: every table as of one moment, in constant memory."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import psycopg2.extensions
import pyarrow as pa
import pyarrow.csv as pa_csv
from psycopg2 import sql

from contracts import Contract
from lakehouse.dms.bronze import Bronze
from lakehouse.dms.bronze_types import bronze_batch
from lakehouse.dms.errors import UntypableValueError

# Text is parsed in blocks. A row must fit into one; PostgreSQL's largest value has 1 GB.
BLOCK_BYTES = 4 << 20
LARGER_BLOCK_BYTES = (64 << 20, (2 << 30) - 1)
DMS_TIMESTAMP = "%Y-%m-%d %H:%M:%S.%f"


def read_snapshot(connection: psycopg2.extensions.connection, snapshot: str) -> None:
    """Let the connection's transaction see exactly what the exported snapshot saw."""
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    with connection.cursor() as cursor:
        cursor.execute("set transaction snapshot %s", (snapshot,))


def load_table(
    connection: psycopg2.extensions.connection,
    contract: Contract,
    *,
    bronze: Bronze,
    started_at: datetime,
    on_progress: Callable[[str, int], None],
) -> tuple[list[Path], int]:
    """Write the table's rows to hidden full-load files; returns those and the number of rows.

    DMS makes no folder for a table without rows, so there is no file then.
    """
    if not _has_rows(connection, contract):
        return [], 0
    for block_bytes in (BLOCK_BYTES, *LARGER_BLOCK_BYTES):
        batches = _batches(connection, contract, started_at, block_bytes)
        with suppress(_RowExceedsBlockError):
            return bronze.write_load(contract, _counted(batches, contract, on_progress))
    raise UntypableValueError(
        f"{contract.source_table}: a row is larger than 2 GiB as text; nothing was replicated. "
        "Make the row smaller in the source."
    )


class _RowExceedsBlockError(Exception):
    """The parser needs a larger block."""


def _has_rows(connection: psycopg2.extensions.connection, contract: Contract) -> bool:
    query = sql.SQL("select exists (select from {}.{})").format(
        sql.Identifier(contract.source_schema), sql.Identifier(contract.source_table)
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def _counted(
    batches: Iterator[pa.RecordBatch], contract: Contract, on_progress: Callable[[str, int], None]
) -> Iterator[pa.RecordBatch]:
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        on_progress(contract.source_table, rows)
        yield batch


def _batches(
    connection: psycopg2.extensions.connection,
    contract: Contract,
    started_at: datetime,
    block_bytes: int,
) -> Iterator[pa.RecordBatch]:
    names = [c.name for c in contract.columns]
    with _copied(connection, contract) as stream:
        for batch in _parsed(stream, names, block_bytes):
            yield bronze_batch(
                contract,
                _repeat("I", batch.num_rows),
                batch.columns,
                committed_at=_repeat(started_at.strftime(DMS_TIMESTAMP), batch.num_rows),
                change_seq=_repeat("", batch.num_rows),
            )


def _parsed(stream: BinaryIO, names: list[str], block_bytes: int) -> Iterator[pa.RecordBatch]:
    """Raises _RowExceedsBlockError, having read the stream to its end."""
    try:
        yield from pa_csv.open_csv(
            stream,
            read_options=pa_csv.ReadOptions(column_names=names, block_size=block_bytes),
            parse_options=pa_csv.ParseOptions(newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                # COPY writes null as nothing and an empty text as "".
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        if "straddl" not in str(error):
            raise
        while stream.read(1 << 20):
            pass  # COPY has to end before the connection can copy again
        raise _RowExceedsBlockError from error


@contextmanager
def _copied(connection: psycopg2.extensions.connection, contract: Contract) -> Iterator[BinaryIO]:
    """COPY ... TO STDOUT as a stream: a thread fills a pipe while the caller reads it."""
    statement = sql.SQL("copy {}.{} ({}) to stdout (format csv)").format(
        sql.Identifier(contract.source_schema),
        sql.Identifier(contract.source_table),
        sql.SQL(", ").join(sql.Identifier(c.name) for c in contract.columns),
    )
    read_end, write_end = os.pipe()
    failures: list[BaseException] = []

    def copy() -> None:
        try:
            with os.fdopen(write_end, "wb") as sink, connection.cursor() as cursor:
                cursor.copy_expert(statement, sink, size=1 << 20)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=copy, name=f"copy-{contract.source_table}", daemon=True)
    thread.start()
    source = os.fdopen(read_end, "rb")
    try:
        yield source
    finally:
        source.close()
        thread.join()
    # A reader that stops early breaks the pipe; that is its own error's business.
    if failures and not isinstance(failures[0], BrokenPipeError):
        raise failures[0]


def _repeat(text: str, times: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), times)
