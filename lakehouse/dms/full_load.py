"""The full load: every table as of one moment, in constant memory."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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
from lakehouse.dms.source import connect

# Text is parsed in blocks. A row must fit into one; PostgreSQL's largest value has 1 GB.
BLOCK_BYTES = 4 << 20
LARGER_BLOCK_BYTES = (64 << 20, (2 << 30) - 1)
DMS_TIMESTAMP = "%Y-%m-%d %H:%M:%S.%f"


def read_snapshot(connection: psycopg2.extensions.connection, snapshot: str) -> None:
    """Let the connection's transaction see exactly what the exported snapshot saw."""
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    with connection.cursor() as cursor:
        cursor.execute("set transaction snapshot %s", (snapshot,))


@dataclass(frozen=True)
class LoadedTable:
    """Hidden files of one table's load, and their rows."""

    source_table: str
    files: tuple[Path, ...]
    rows: int


def load_tables(
    dsn: str,
    snapshot: str,
    contracts: Mapping[str, Contract],
    *,
    bronze: Bronze,
    started_at: datetime,
    sub_tasks: int,
    on_progress: Callable[[str, int], None],
    on_loaded: Callable[[], None],
) -> dict[str, LoadedTable]:
    """Load the tables as the snapshot saw them, several at a time; the result is by contract name.

    Each table has a connection of its own. The largest ones begin, so that none is left to run
    alone at the end. on_loaded is called in the caller's thread. The first error ends the rest.
    """
    stop = threading.Event()

    def load(contract: Contract) -> LoadedTable:
        with connect(dsn) as connection:
            read_snapshot(connection, snapshot)
            batches = _Loading(connection, contract, started_at, on_progress, stop)
            return _load_table(batches, bronze)

    workers = min(sub_tasks, os.cpu_count() or 1, len(contracts))
    with ThreadPoolExecutor(workers, thread_name_prefix="load") as pool:
        futures = {n: pool.submit(load, contracts[n]) for n in _largest_first(dsn, contracts)}
        try:
            for future in as_completed(futures.values()):
                future.result()
                on_loaded()
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return {name: futures[name].result() for name in contracts}


def _largest_first(dsn: str, contracts: Mapping[str, Contract]) -> list[str]:
    with connect(dsn) as connection, connection.cursor() as cursor:
        sizes = {}
        for name, contract in contracts.items():
            table = (contract.source_schema, contract.source_table)
            cursor.execute("select pg_table_size(format('%%I.%%I', %s, %s)::regclass)", table)
            sizes[name] = cursor.fetchone()[0]
    return sorted(contracts, key=lambda name: -sizes[name])


@dataclass(frozen=True)
class _Loading:
    """One table that is being read."""

    connection: psycopg2.extensions.connection
    contract: Contract
    started_at: datetime
    on_progress: Callable[[str, int], None]
    stop: threading.Event

    def batches(self, block_bytes: int) -> Iterator[pa.RecordBatch]:
        """The rows, counted. Raises _RowExceedsBlockError, and _StoppedError when told to stop."""
        rows = 0
        for batch in _batches(self.connection, self.contract, self.started_at, block_bytes):
            if self.stop.is_set():
                raise _StoppedError
            rows += batch.num_rows
            self.on_progress(self.contract.source_table, rows)
            yield batch


class _StoppedError(Exception):
    """Another table failed."""


def _load_table(table: _Loading, bronze: Bronze) -> LoadedTable:
    """DMS makes no folder for a table without rows, so there is no file then."""
    contract = table.contract
    if not _has_rows(table.connection, contract):
        return LoadedTable(contract.source_table, (), 0)
    for block_bytes in (BLOCK_BYTES, *LARGER_BLOCK_BYTES):
        with suppress(_RowExceedsBlockError):
            files, rows = bronze.write_load(contract, table.batches(block_bytes))
            return LoadedTable(contract.source_table, tuple(files), rows)
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
