"""Connections to the source database, and what is asked and checked there."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg2
import psycopg2.extensions
import psycopg2.extras

from contracts import Column, Contract
from lakehouse.dms.errors import SourceColumnsError, SourceUnreachableError, TaskStateError
from lakehouse.dms.type_changes import is_wider

# Text as this package parses it, whatever the server's and the client's defaults are.
SESSION = "-c timezone=UTC -c datestyle=ISO,YMD -c client_encoding=UTF8"
# Bytes of a WAL page and of the header at its start, and at the start of a segment's first page
# (PostgreSQL, access/xlog_internal.h).
WAL_PAGE, PAGE_HEADER, FIRST_PAGE_HEADER = 8192, 24, 40

COLUMNS = """
    select a.attname, format_type(a.atttypid, a.atttypmod), a.attisdropped
    from pg_attribute a
    where a.attrelid = to_regclass(format('%%I.%%I', %s::text, %s::text))
      and a.attnum > 0 and a.attgenerated = ''
    order by a.attnum
"""


PUBLISHED = """
    select p.pubinsert and p.pubupdate and p.pubdelete, t.schemaname || '.' || t.tablename,
        c.relreplident = 'f', t.attnames::text[], t.rowfilter
    from pg_publication p
    left join pg_publication_tables t on t.pubname = p.pubname
    left join pg_class c on c.oid = to_regclass(format('%%I.%%I', t.schemaname, t.tablename))
    where p.pubname = %s
"""


class LiveTable(NamedTuple):
    """A source table as it is now.

    columns holds types by name, in the order in which they were added. had_others says that there
    were columns which have been dropped.
    """

    columns: dict[str, str]
    had_others: bool


class Published(NamedTuple):
    """A table in a publication. columns are those that it publishes; row_filter is SQL."""

    has_full_identity: bool
    columns: tuple[str, ...]
    row_filter: str | None


class Identity(NamedTuple):
    """Which server and database a slot belongs to."""

    system_identifier: str
    database: str


@contextmanager
def connect(dsn: str) -> Iterator[psycopg2.extensions.connection]:
    """An ordinary connection.

    Raises SourceUnreachableError when the server does not answer, or goes away meanwhile.
    """
    connection = _open(dsn)
    try:
        yield connection
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        raise _unreachable(error) from error
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
        raise _unreachable(error) from error


def _unreachable(error: psycopg2.Error) -> SourceUnreachableError:
    return SourceUnreachableError(
        f"the source database does not answer: {str(error).strip()}\n"
        "Every change up to the task's state is in Bronze and nothing is lost. Start it "
        "(`lakehouse up` for the embedded one) or check SOURCE_DB_HOST, then run the command again."
    )


@contextmanager
def exported_snapshot(dsn: str) -> Iterator[str]:
    """A snapshot of now that other connections can take; it lives as long as the `with`."""
    with connect(dsn) as connection, connection.cursor() as cursor:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        cursor.execute("select pg_export_snapshot()")
        yield cursor.fetchone()[0]


def identify(connection: psycopg2.extensions.connection) -> Identity:
    """The server and database that the connection leads to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select system_identifier::text, current_database() from pg_control_system()"
        )
        return Identity(*cursor.fetchone())


def check_identity(connection: psycopg2.extensions.connection, expected: tuple[str, str]) -> None:
    """Raises TaskStateError when the connection leads to another server or database."""
    if identify(connection) != expected:
        raise TaskStateError(
            f"the task's state is of database {expected[1]} on another server; nothing was "
            "replicated. Point SOURCE_DB_HOST at that server, or start with an empty state folder."
        )


def check_setup(
    connection: psycopg2.extensions.connection,
    publication: str,
    contracts: Iterable[Contract],
    *,
    needs_full_identity: bool,
) -> None:
    """Raises TaskStateError when the log would not hold every change of every table, completely.

    Asks for wal_level, the publication and its tables, and their replica identity if it matters.
    """
    with connection.cursor() as cursor:
        cursor.execute("show wal_level")
        level = cursor.fetchone()[0]
        cursor.execute(PUBLISHED, (publication,))
        published = cursor.fetchall()
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
    if not published[0][0]:
        raise TaskStateError(
            f"publication {publication!r} leaves out inserts, updates or deletes; nothing was "
            f"replicated. Run: alter publication {publication} "
            "set (publish = 'insert, update, delete, truncate')"
        )
    tables = {name: Published(full, tuple(cs or ()), rf) for _, name, full, cs, rf in published}
    for contract in contracts:
        name = f"{contract.source_schema}.{contract.source_table}"
        _check_published(contract, name, publication, tables.get(name))
        if needs_full_identity and not tables[name].has_full_identity:
            raise TaskStateError(
                f"the replica identity of {name} is not full, so its deletes would carry only the "
                f"key; nothing was replicated. Run: alter table {name} replica identity full"
            )


def _check_published(
    contract: Contract, name: str, publication: str, published: Published | None
) -> None:
    if published is None:
        raise TaskStateError(
            f"{name} is not in the publication, so its changes would be missed; nothing was "
            f"replicated. Run: alter publication {publication} add table {name}"
        )
    again = (
        f"nothing was replicated. Run: alter publication {publication} drop table {name}; "
        f"alter publication {publication} add table {name}"
    )
    if published.row_filter:
        raise TaskStateError(
            f"publication {publication!r} sends only the rows of {name} with "
            f"{published.row_filter}; {again}"
        )
    missing = [c.name for c in contract.columns if c.name not in published.columns]
    if missing:
        raise TaskStateError(
            f"publication {publication!r} leaves out {name}.{', '.join(missing)}; {again}"
        )


def live_table(connection: psycopg2.extensions.connection, contract: Contract) -> LiveTable:
    """The contract's source table. Raises SourceColumnsError when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, (contract.source_schema, contract.source_table))
        found = cursor.fetchall()
    if not found:
        raise SourceColumnsError(
            f"the source has no table {contract.source_schema}.{contract.source_table}. "
            "Nothing was replicated. Run `python source_app/manage.py migrate`."
        )
    columns = {name: type_name for name, type_name, dropped in found if not dropped}
    return LiveTable(columns, len(columns) < len(found))


def check_columns(
    connection: psycopg2.extensions.connection, contracts: Iterable[Contract]
) -> list[str]:
    """Warnings for columns that no contract lists, or that are wider than in their contract.

    Raises SourceColumnsError when a table or a column is missing or has another type.
    """
    warnings = []
    for contract in contracts:
        warnings += check_live_columns(contract, live_table(connection, contract).columns)
    return warnings


def check_live_columns(contract: Contract, found: dict[str, str]) -> list[str]:
    """The warnings of one table whose columns have these types; raises like check_columns."""
    listed = {c.name for c in contract.columns}
    wider = [c for c in contract.columns if not _is_as_listed(contract, c, found.get(c.name))]
    return [
        *(
            f"{contract.source_table}.{c.name} is {found[c.name]} in the source and {c.source_type}"
            f" in its contract; its values are replicated as long as they fit {c.bronze_type}"
            for c in wider
        ),
        *(
            f"{contract.source_table}.{name} is not in its contract and is not replicated"
            for name in found
            if name not in listed
        ),
    ]


def _is_as_listed(contract: Contract, column: Column, found: str | None) -> bool:
    """False for a wider type."""
    if found == column.source_type:
        return True
    if found is not None and is_wider(found, column.source_type):
        return False
    problem = f"is {found}" if found else "does not exist"
    raise SourceColumnsError(
        f"{contract.source_table}.{column.name} {problem} in the source, but "
        f"contracts/{contract.name}.odcs.yaml says {column.source_type}. Nothing of this batch "
        "was written, and nothing is lost: the slot keeps the changes. Migrate the source or mend "
        "the contract, then run the command again."
    )


def end_of_log(connection: psycopg2.extensions.connection) -> int:
    """A position that the stream reaches once it has sent everything committed before now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_current_wal_insert_lsn(), setting::bigint from pg_settings "
            "where name = 'wal_segment_size'"
        )
        position, segment_bytes = cursor.fetchone()
    return end_of_last_record(parse_lsn(position), segment_bytes)


def end_of_last_record(next_record: int, segment_bytes: int) -> int:
    """Where the record before ends: before the page's header when the next one is behind it.

    A stream that has sent everything stands there, and on a quiet server it stays there.
    """
    page = next_record - next_record % WAL_PAGE
    header = FIRST_PAGE_HEADER if page % segment_bytes == 0 else PAGE_HEADER
    return page if next_record - page == header else next_record


def parse_lsn(text: str) -> int:
    """A position such as 0/16B3748 as a number."""
    high, low = text.split("/")
    return int(high, 16) << 32 | int(low, 16)


def format_lsn(lsn: int) -> str:
    """A position as PostgreSQL writes it."""
    return f"{lsn >> 32:X}/{lsn & 0xFFFFFFFF:X}"
