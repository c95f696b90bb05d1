"""DROP DATABASE, TABLE, VIEW."""

from lakehouse.homes.rehearsal.athena.tokens import Reader
from lakehouse.homes.rehearsal.athena.translation.plan import (
    Context,
    Kind,
    Plan,
    qualified,
    quoted,
)
from lakehouse.homes.rehearsal.engine.settings import HIVE, ICEBERG


def drop_database(reader: Reader, context: Context) -> Plan:
    """DROP DATABASE | SCHEMA [IF EXISTS] name [RESTRICT | CASCADE].

    CASCADE is done table by table: Trino's own stops at a table of another format.
    """
    condition = "if exists " if reader.accept("IF", "EXISTS") else ""
    database = context.schema(reader.name())
    cascade = reader.accept("CASCADE")
    if not cascade:
        reader.accept("RESTRICT")
    reader.end()
    statements = []
    if cascade and database in context.catalog.databases():
        for name, table in context.catalog.tables(database).items():
            if table.get("TableType") == "VIRTUAL_VIEW":
                statements.append(f"drop view {qualified(database, name)}")
            elif context.catalog.is_iceberg(database, name):
                statements.append(f"drop table {qualified(database, name, ICEBERG)}")
            else:
                statements.append(f"drop table {qualified(database, name)}")
    statements.append(f"drop schema {condition}{quoted(HIVE)}.{quoted(database)}")
    return Plan(Kind.DDL, "DROP_DATABASE", statements)


def drop_relation(reader: Reader, context: Context, *, kind: str) -> Plan:
    """DROP TABLE | VIEW [IF EXISTS] name."""
    condition = "if exists " if reader.accept("IF", "EXISTS") else ""
    name = context.table(reader.name())
    reader.end()
    return Plan(Kind.DDL, f"DROP_{kind}", [f"drop {kind.lower()} {condition}{qualified(*name)}"])
