"""CREATE DATABASE, TABLE, EXTERNAL TABLE, VIEW, and tables made from a query."""

from collections.abc import Sequence
from typing import Any

from lakehouse.homes.rehearsal.athena.column_types import hive_type, trino_type
from lakehouse.homes.rehearsal.athena.errors import InvalidRequestError, NotEmulatedError
from lakehouse.homes.rehearsal.athena.tokens import Reader
from lakehouse.homes.rehearsal.athena.translation.clauses import (
    column_definitions,
    format_of,
    partition_transforms,
    properties,
    take_clauses,
)
from lakehouse.homes.rehearsal.athena.translation.plan import (
    Context,
    Kind,
    Need,
    Plan,
    literal,
    qualified,
    quoted,
)
from lakehouse.homes.rehearsal.engine.settings import HIVE, ICEBERG

# Properties of a table made from a query, by Trino's name where it takes them as they stand.
TAKEN_OVER = {
    "hive": ("partitioned_by", "bucketed_by", "bucket_count"),
    "iceberg": ("location", "partitioning"),
}
COMPRESSION = ("write_compression", "parquet_compression", "orc_compression")
CENTRAL_LOCATION = (
    "The Create Table As Select query failed because it was submitted with an 'external_location' "
    "property to an Athena Workgroup that enforces a centralized output location for all queries. "
    "Please remove the 'external_location' property and resubmit the query."
)


def create_database(reader: Reader, context: Context) -> Plan:
    """CREATE DATABASE | SCHEMA [IF NOT EXISTS] name [COMMENT ..] [LOCATION ..]."""
    condition = "if not exists " if reader.accept("IF", "NOT", "EXISTS") else ""
    database = context.schema(reader.name())
    if reader.accept("COMMENT"):
        reader.string()
    location = f" with (location = {literal(reader.string())})" if reader.accept("LOCATION") else ""
    if reader.accept("WITH", "DBPROPERTIES"):
        reader.group()
    reader.end()
    statement = f"create schema {condition}{quoted(HIVE)}.{quoted(database)}{location}"
    return Plan(Kind.DDL, "CREATE_DATABASE", [statement])


def create_table(reader: Reader, context: Context) -> Plan:
    """CREATE TABLE name [WITH (..)] AS query, or CREATE TABLE name (columns) .. for Iceberg."""
    condition = "if not exists " if reader.accept("IF", "NOT", "EXISTS") else ""
    name = context.table(reader.name())
    if reader.word == "(":
        return _iceberg_table(reader, name, condition)
    given = reader.group() if reader.accept("WITH") else Reader("")
    reader.expect("AS")
    return _table_from_query(reader, context, name, condition, given)


def _table_from_query(
    reader: Reader, context: Context, name: tuple[str, str], condition: str, given: Reader
) -> Plan:
    wanted = {}
    for item in given.items():
        key = item.value().lower()
        item.expect("=")
        wanted[key] = item
    kind = wanted.pop("table_type").string().lower() if "table_type" in wanted else "hive"
    if kind not in TAKEN_OVER:
        raise InvalidRequestError(f"table_type {kind!r} is neither HIVE nor ICEBERG")
    wanted.pop("is_external", None)
    file_format = wanted.pop("format").string() if "format" in wanted else "PARQUET"
    settings = [f"format = {literal(file_format.upper())}"]
    catalog = ICEBERG if kind == "iceberg" else HIVE
    session = {}
    for key in COMPRESSION:
        if key in wanted:
            session[f"{catalog}.compression_codec"] = wanted.pop(key).string().upper()
    location = None
    if kind == "hive":
        location = _hive_location(wanted.pop("external_location", None), context)
        settings.append(f"external_location = {literal(location)}")
        if "field_delimiter" in wanted:
            delimiter = wanted.pop("field_delimiter").string()
            settings.append(f"textfile_field_separator = {literal(delimiter)}")
    elif "location" in wanted:
        location = wanted["location"].rest.strip("'")
    for key in TAKEN_OVER[kind]:
        if key in wanted:
            settings.append(f"{key} = {wanted.pop(key).rest}")
    # What dbt-athena sets for Iceberg and what steers Athena's own upkeep.
    for key in [k for k in wanted if k.startswith(("optimize_", "vacuum_"))]:
        wanted.pop(key)
    if wanted:
        raise NotEmulatedError(f"table property {min(wanted)} of CREATE TABLE AS")
    statement = (
        f"create table {condition}{qualified(*name, catalog)} with ({', '.join(settings)}) "
        f"as {reader.sql}"
    )
    return Plan(Kind.DDL, "CREATE_TABLE_AS_SELECT", [statement], session, data_location=location)


def _hive_location(given: Reader | None, context: Context) -> str:
    if given is None:
        return f"{context.output}tables/{context.query_id}/"
    if context.enforced:
        raise InvalidRequestError(CENTRAL_LOCATION)
    return given.string()


def _iceberg_table(reader: Reader, name: tuple[str, str], condition: str) -> Plan:
    columns = column_definitions(reader.group())
    clauses = take_clauses(reader)
    given = properties(clauses.get("TBLPROPERTIES"))
    if given.get("table_type", "").lower() != "iceberg":
        raise InvalidRequestError(
            "CREATE TABLE without EXTERNAL makes Iceberg tables only: add "
            "TBLPROPERTIES ('table_type' = 'ICEBERG')"
        )
    settings = [f"format = {literal(given.get('format', 'parquet').upper())}"]
    if "LOCATION" not in clauses:
        raise InvalidRequestError("an Iceberg table needs a LOCATION")
    settings.append(f"location = {literal(clauses['LOCATION'].string())}")
    if "PARTITIONED BY" in clauses:
        transforms = partition_transforms(clauses["PARTITIONED BY"].group())
        settings.append(f"partitioning = ARRAY[{', '.join(map(literal, transforms))}]")
    described = ", ".join(
        f"{quoted(c['Name'])} {trino_type(c['Type'], iceberg=True)}{_comment(c)}" for c in columns
    )
    statement = (
        f"create table {condition}{qualified(*name, ICEBERG)} ({described}) "
        f"with ({', '.join(settings)})"
    )
    return Plan(Kind.DDL, "CREATE_TABLE", [statement])


def _comment(column: dict[str, str]) -> str:
    return f" comment {literal(column['Comment'])}" if "Comment" in column else ""


def create_external_table(reader: Reader, context: Context) -> Plan:
    """CREATE EXTERNAL TABLE name (columns) .. LOCATION ..: an entry in the catalog."""
    only_new = reader.accept("IF", "NOT", "EXISTS")
    database, table = context.table(reader.name())
    columns = column_definitions(reader.group())
    clauses = take_clauses(reader)
    if "LOCATION" not in clauses:
        raise InvalidRequestError("an external table needs a LOCATION")
    described: dict[str, Any] = {
        "Name": table,
        "Owner": "hadoop",
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", **properties(clauses.get("TBLPROPERTIES"))},
        "PartitionKeys": [],
        "StorageDescriptor": {
            "Columns": columns,
            "Location": clauses["LOCATION"].string(),
            "NumberOfBuckets": -1,
            **format_of(clauses),
        },
    }
    if "PARTITIONED BY" in clauses:
        described["PartitionKeys"] = column_definitions(clauses["PARTITIONED BY"].group())
    if "COMMENT" in clauses:
        described["Parameters"]["comment"] = clauses["COMMENT"].string()

    def act(rows: Sequence[Sequence[str | None]]) -> None:
        if not (only_new and context.catalog.find(database, table)):
            context.catalog.create(database, described)

    return Plan(Kind.DDL, "CREATE_TABLE", needs=[Need("CREATE_TABLE", database)], act=act)


def create_view(reader: Reader, context: Context, *, replace: bool) -> Plan:
    """CREATE [OR REPLACE] VIEW name AS query.

    Athena asks what the caller of a view may read, so the view is Trino's "security invoker". And
    Athena keeps a view's columns in Glue, where Trino keeps one column of no meaning.
    """
    database, table = context.table(reader.name())
    reader.expect("AS")
    name = qualified(database, table)
    create = "create or replace view" if replace else "create view"

    def act(rows: Sequence[Sequence[str | None]]) -> None:
        columns = [{"Name": r[0], "Type": hive_type(r[1])} for r in rows if r[0] and r[1]]
        context.catalog.change(database, table, lambda described: _set_columns(described, columns))

    statements = [f"{create} {name} security invoker as {reader.sql}", f"describe {name}"]
    return Plan(Kind.DDL, "CREATE_VIEW", statements, act=act)


def _set_columns(table: dict[str, Any], columns: list[dict[str, str]]) -> None:
    table["StorageDescriptor"]["Columns"] = columns
