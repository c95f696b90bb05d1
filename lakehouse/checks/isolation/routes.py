"""The ways to ask: honest ones, and tricks that would read more if they worked."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Expected(StrEnum):
    """What a route must end in."""

    ROWS = "rows"  # exactly the permitted rows; refused when the principal may not read the table
    NO_ROWS = "no rows"  # answered, with nothing in it; refused as above
    REFUSED = "refused"  # whoever asks
    NO_LEAK = "no leak"  # answered, and nothing in it that the principal may not know


@dataclass(frozen=True)
class Target:
    """What a route aims at: a table, another tenant's id, a column that may be hidden, files."""

    table: str
    tenant_id: str = ""
    hidden: str = ""
    file: str = ""
    database: str = ""


@dataclass(frozen=True)
class Route:
    """One way to ask, as SQL of its target."""

    name: str
    expected: Expected
    sql: Callable[[Target], str]


def _rows(name: str, sql: Callable[[Target], str]) -> Route:
    return Route(name, Expected.ROWS, sql)


def _refused(name: str, sql: Callable[[Target], str]) -> Route:
    return Route(name, Expected.REFUSED, sql)


def _knows(name: str, sql: str) -> Route:
    return Route(name, Expected.NO_LEAK, lambda t: sql)


# Asked of every table by every principal.
TABLE_ROUTES = (
    _rows("select", lambda t: f"select * from {t.table}"),
    _rows("from first", lambda t: f"from {t.table}"),
    _rows("other case", lambda t: f"SELECT * FROM memory.{t.table.upper()}"),
    _rows("or true", lambda t: f"select * from {t.table} where tenant_id = '' or true"),
    _rows("cte", lambda t: f"with a as (select * from {t.table}) select * from a"),
    _rows("recursion", lambda t: f"with recursive a as (from {t.table}) select * from a"),
    _rows("subquery", lambda t: f"select * from (select * from (from {t.table}))"),
    _rows("lateral", lambda t: f"select r.* from (select 1) l, lateral (from {t.table}) r"),
    _rows("in", lambda t: f"select * from {t.table} where 1 in (select 1 from {t.table})"),
    _rows("all columns", lambda t: f"select columns('.*') from {t.table}"),
    _rows("query_table", lambda t: f"select * from query_table('{t.table}')"),
    _rows("query", lambda t: f"select * from query('select * from {t.table}')"),
    Route(
        "other tenant",
        Expected.NO_ROWS,
        lambda t: f"select * from {t.table} where tenant_id = '{t.tenant_id}'",
    ),
    _refused("hidden column", lambda t: f'select "{t.hidden}" from {t.table}'),
    _refused("create view", lambda t: f"create view v as select * from {t.table}"),
    _refused("create table", lambda t: f"create table c as select * from {t.table}"),
    _refused("update", lambda t: f"update {t.table} set tenant_id = '{t.tenant_id}'"),
    _refused("copy to", lambda t: f"copy {t.table} to '{t.file}.copy'"),
    _refused("copy from", lambda t: f"copy {t.table} from '{t.file}'"),
    _refused("two statements", lambda t: f"select 1; select * from {t.table}"),
    _refused("prepare", lambda t: f"prepare p as select * from {t.table}"),
    _refused("explain", lambda t: f"explain analyze select * from {t.table}"),
)
# Asked once by every principal for every file; no table is named.
ATTACKS = (
    _refused("read_parquet", lambda t: f"select * from read_parquet('{t.file}')"),
    _refused("parquet_scan", lambda t: f"select * from parquet_scan(['{t.file}'])"),
    _refused("parquet_metadata", lambda t: f"select * from parquet_metadata('{t.file}')"),
    _refused("file as table", lambda t: f"select * from '{t.file}'"),
    _refused("nested", lambda t: f"select * from query('select * from ''{t.file}''')"),
    _refused("read_csv", lambda t: f"select * from read_csv('{t.file}')"),
    _refused("sniff_csv", lambda t: f"select * from sniff_csv('{t.file}')"),
    _refused("read_json", lambda t: f"select * from read_json('{t.file}')"),
    _refused("read_text", lambda t: f"select * from read_text('{t.file}')"),
    _refused("read_blob", lambda t: f"select * from read_blob('{t.file}')"),
    _refused("glob", lambda t: f"select * from glob('{t.file}*')"),
    _refused("attach", lambda t: f"attach '{t.database}' as stolen (read_only)"),
    _refused("attach memory", lambda t: "attach ':memory:' as mine"),
    _refused("attached name", lambda t: f"select * from lakehouse.{t.table}"),
    _refused("import database", lambda t: f"import database '{t.database}'"),
    _refused("export database", lambda t: f"export database '{t.file}.d'"),
    _refused("set", lambda t: "set enable_external_access = true"),
    _refused("reset", lambda t: "reset lock_configuration"),
    _refused("set paths", lambda t: f"set allowed_paths = ['{t.file}']"),
    _refused("pragma", lambda t: "pragma enable_external_access = true"),
    _refused("pragma list", lambda t: "pragma database_list"),
    _refused("call", lambda t: "call pragma_database_list()"),
    _refused("install", lambda t: "install httpfs"),
    _refused("load", lambda t: "load httpfs"),
    _refused("secret", lambda t: "create secret s (type s3, key_id 'k', secret 's')"),
    _refused("python variable", lambda t: "select * from everything"),
    _refused("broken", lambda t: "select * from ((("),
    _refused("nothing", lambda t: ""),
    _knows("information_schema", "select * from information_schema.columns"),
    _knows("duckdb_tables", "select * from duckdb_tables()"),
    _knows("duckdb_columns", "select * from duckdb_columns()"),
    _knows("duckdb_views", "select * from duckdb_views()"),
    _knows("duckdb_databases", "select * from duckdb_databases()"),
    _knows("duckdb_settings", "select * from duckdb_settings()"),
    _knows("sqlite_master", "select * from sqlite_master"),
    _knows("database_list", "select * from pragma_database_list"),
    _knows("show", "show all tables"),
)
