"""Connections to the source database, and what is checked before anything is read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
import psycopg2.extensions
import psycopg2.extras

from contracts import Contract
from lakehouse.dms.errors import SourceColumnsError, SourceUnreachableError, TaskStateError

# Text as this package parses it: UTC, ISO dates.
SESSION = "-c timezone=UTC -c datestyle=ISO,YMD -c intervalstyle=postgres"

COLUMNS = """
    select a.attname, format_type(a.atttypid, a.atttypmod)
    from pg_attribute a
    where a.attrelid = to_regclass(format('%%I.%%I', %s::text, %s::text))
      and a.attnum > 0 and not a.attisdropped
    order by a.attnum
"""


@dataclass(frozen=True)
class Identity:
    """Which server and database a slot belongs to."""

    system_identifier: str
    database: str


@contextmanager
def connect(dsn: str) -> Iterator[psycopg2.extensions.connection]:
    """An ordinary connection. Raises SourceUnreachableError when the server does not answer."""
    connection = _open(dsn)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def connect_for_replication(
    dsn: str,
) -> Iterator[psycopg2.extras.LogicalReplicationConnection]:
    """A replication connection. Raises SourceUnreachableError when the server does not answer."""
    connection = _open(dsn, psycopg2.extras.LogicalReplicationConnection)
    try:
        yield connection
    finally:
        connection.close()


def _open(dsn: str, factory: type | None = None) -> psycopg2.extensions.connection:
    try:
        return psycopg2.connect(dsn, connection_factory=factory, options=SESSION)
    except psycopg2.OperationalError as error:
        raise SourceUnreachableError(
            f"the source database does not answer: {str(error).strip()}\n"
            "Nothing was replicated and nothing is lost. Start it (`lakehouse up` for the "
            "embedded one) or check SOURCE_DB_HOST, then run the command again."
        ) from error


def identify(connection: psycopg2.extensions.connection) -> Identity:
    """The server and database that the connection leads to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select system_identifier::text, current_database() from pg_control_system()"
        )
        return Identity(*cursor.fetchone())


def check_setup(connection: psycopg2.extensions.connection, publication: str) -> None:
    """Raises TaskStateError when the server cannot replicate: wal_level or publication."""
    with connection.cursor() as cursor:
        cursor.execute("show wal_level")
        level = cursor.fetchone()[0]
        cursor.execute("select 1 from pg_publication where pubname = %s", (publication,))
        published = cursor.fetchone()
    if level != "logical":
        raise TaskStateError(
            f"the source has wal_level={level}; nothing was replicated. "
            "Set wal_level=logical and restart PostgreSQL."
        )
    if not published:
        raise TaskStateError(
            f"the source has no publication {publication!r}; nothing was replicated. "
            "Run `python source_app/manage.py migrate`."
        )


def check_columns(
    connection: psycopg2.extensions.connection, contracts: Iterable[Contract]
) -> list[str]:
    """Warnings for source columns that no contract lists; they are not replicated.

    Raises SourceColumnsError when a table or a column is missing or has another type.
    """
    warnings = []
    with connection.cursor() as cursor:
        for contract in contracts:
            cursor.execute(COLUMNS, (contract.source_schema, contract.source_table))
            found = dict(cursor.fetchall())
            for column in contract.columns:
                _check_column(contract, column.name, column.source_type, found)
            listed = {c.name for c in contract.columns}
            warnings += [
                f"{contract.source_table}.{name} is not in its contract and is not replicated"
                for name in found
                if name not in listed
            ]
    return warnings


def _check_column(contract: Contract, name: str, source_type: str, found: dict[str, str]) -> None:
    if found.get(name) == source_type:
        return
    problem = f"is {found[name]}" if name in found else "does not exist"
    raise SourceColumnsError(
        f"{contract.source_table}.{name} {problem} in the source, but "
        f"contracts/{contract.name}.odcs.yaml says {source_type}. Nothing was replicated. "
        "Migrate the source or mend the contract."
    )


def confirmed_lsn(connection: psycopg2.extensions.connection, slot: str) -> int | None:
    """The position that was acknowledged on the slot; None when the slot does not exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select confirmed_flush_lsn from pg_replication_slots where slot_name = %s", (slot,)
        )
        found = cursor.fetchone()
    return parse_lsn(found[0]) if found else None


def drop_slot(connection: psycopg2.extensions.connection, slot: str) -> None:
    """Drop the slot when it exists."""
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots "
            "where slot_name = %s",
            (slot,),
        )


def parse_lsn(text: str) -> int:
    """A position such as 0/16B3748 as a number."""
    high, low = text.split("/")
    return int(high, 16) << 32 | int(low, 16)
