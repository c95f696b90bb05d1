"""What PostgreSQL's catalogue says of the tables that the application keeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os.path import commonprefix

import psycopg2.extensions
from psycopg2 import sql

from contracts import Contract
from lakehouse.dms.large_objects import is_large_object

# pg_class, pg_publication and pg_index: PostgreSQL manual, chapter "System Catalogs".
TABLES = """
select n.nspname, c.relname, c.relkind::text, c.relpersistence::text, c.relispartition,
       c.relreplident::text, c.relrowsecurity,
       coalesce((select array_agg(a.attname::text order by a.attnum) from pg_index i
                 join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
                 where i.indrelid = c.oid and i.indisprimary), '{}'),
       coalesce((select array_agg(pg_get_triggerdef(t.oid, true)) from pg_trigger t
                 where t.tgrelid = c.oid and not t.tgisinternal
                   and t.tgenabled in ('O', 'A')), '{}')
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any(%s) and c.relname like any(%s) and c.relkind in ('r', 'p', 'v', 'm', 'f')
order by 1, 2
"""
# A domain is judged by the type below it.
COLUMNS = """
select n.nspname, c.relname, a.attname, a.attgenerated <> '',
       case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod)
            else format_type(a.atttypid, a.atttypmod) end,
       coalesce(b.typtype, t.typtype)::text
from pg_attribute a
join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid
left join pg_type b on t.typtype = 'd' and b.oid = t.typbasetype
where n.nspname = any(%s) and c.relname like any(%s) and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and a.attnum > 0 and not a.attisdropped
order by 1, 2, a.attnum
"""
# PostgreSQL 15 and later can publish some columns or some rows of a table only.
PUBLISHED = """
select p.pubinsert and p.pubupdate and p.pubdelete, t.schemaname, t.tablename,
       t.rowfilter is not null, t.attnames::text[]
from pg_publication p left join pg_publication_tables t on t.pubname = p.pubname
where p.pubname = %s
"""
SERVER = "select current_setting('wal_level'), current_setting('TimeZone')"


@dataclass(frozen=True)
class LiveColumn:
    """One column; type_name as format_type gives it, longest in bytes of text for a LOB."""

    name: str
    type_name: str
    kind: str
    is_generated: bool
    longest: int | None = None


@dataclass(frozen=True)
class LiveTable:
    """One table, view or the like; letters as in pg_class."""

    schema: str
    name: str
    kind: str
    persistence: str
    is_partition: bool
    replica_identity: str
    has_row_security: bool
    primary_key: tuple[str, ...]
    triggers: tuple[str, ...]
    columns: tuple[LiveColumn, ...]


@dataclass(frozen=True)
class Published:
    """One table of the publication: whether rows are filtered, and which columns are sent."""

    is_filtered: bool
    columns: frozenset[str]


@dataclass(frozen=True)
class Catalogue:
    """The server's settings, the publication (None when there is none) and the tables."""

    wal_level: str
    timezone: str
    publishes_all_operations: bool
    publication: Mapping[tuple[str, str], Published] | None
    tables: tuple[LiveTable, ...]


def read_catalogue(
    connection: psycopg2.extensions.connection, contracts: Iterable[Contract], publication: str
) -> Catalogue:
    """Tables of the contracts' schemas that are named alike, their longest LOBs measured.

    Which tables are the application's is read off the contracts: those whose names begin as all of
    theirs do. LOB columns are read completely to find their longest value.
    """
    contracts = list(contracts)
    schemas = sorted({c.source_schema for c in contracts})
    prefix = commonprefix([c.source_table for c in contracts]).replace("_", r"\_")
    named = [f"{prefix}%"] if prefix else sorted(c.source_table for c in contracts)
    with connection.cursor() as cursor:
        cursor.execute(SERVER)
        wal_level, timezone = cursor.fetchone()
        cursor.execute(PUBLISHED, (publication,))
        published = cursor.fetchall()
        columns: dict[tuple[str, str], list[LiveColumn]] = {}
        cursor.execute(COLUMNS, (schemas, named))
        for schema, table, name, is_generated, type_name, kind in cursor.fetchall():
            column = LiveColumn(name, type_name, kind, is_generated)
            columns.setdefault((schema, table), []).append(column)
        cursor.execute(TABLES, (schemas, named))
        tables = tuple(
            LiveTable(
                schema,
                name,
                *rest,
                tuple(key),
                tuple(triggers),
                columns=_measured(connection, schema, name, columns.get((schema, name), [])),
            )
            for schema, name, *rest, key, triggers in cursor.fetchall()
        )
    return Catalogue(
        wal_level,
        timezone,
        publishes_all_operations=bool(published and published[0][0]),
        publication={
            (schema, table): Published(is_filtered, frozenset(names))
            for _, schema, table, is_filtered, names in published
            if table
        }
        if published
        else None,
        tables=tables,
    )


def is_lob(type_name: str) -> bool:
    """Whether DMS handles the type as a large object; an unbounded varchar is one like text."""
    return is_large_object(type_name) or type_name == "character varying"


def _measured(
    connection: psycopg2.extensions.connection, schema: str, table: str, columns: list[LiveColumn]
) -> tuple[LiveColumn, ...]:
    lobs = [column.name for column in columns if is_lob(column.type_name)]
    if not lobs:
        return tuple(columns)
    longest = [sql.SQL("max(octet_length({}::text))").format(sql.Identifier(name)) for name in lobs]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("select {} from {}").format(
                sql.SQL(", ").join(longest), sql.Identifier(schema, table)
            )
        )
        sizes = dict(zip(lobs, cursor.fetchone(), strict=True))
    return tuple(
        LiveColumn(c.name, c.type_name, c.kind, c.is_generated, sizes.get(c.name) or 0)
        if c.name in sizes
        else c
        for c in columns
    )
