"""A source table with a column of every type, its contract, and a database to keep it in."""

import dataclasses
from contextlib import closing

import psycopg2

from contracts import Contract
from contracts.loader import bronze_type_of

TYPES = {
    "id": "uuid",
    "tenant_id": "uuid",
    "short": "character varying(60)",
    "long": "text",
    "amount": "numeric(12,2)",
    "quantity": "integer",
    "flag": "boolean",
    "day": "date",
    "moment": "timestamp with time zone",
    "document": "jsonb",
    "address": "inet",
}


def contract_of_everything(contracts: dict[str, Contract]) -> dict[str, Contract]:
    """One contract, of public.core_everything."""
    model = contracts["tenant"].column("domain")
    columns = tuple(
        dataclasses.replace(model, name=n, source_type=t, bronze_type=bronze_type_of(t))
        for n, t in TYPES.items()
    )
    changed = {"name": "everything", "source_table": "core_everything", "columns": columns}
    return {"everything": dataclasses.replace(contracts["tenant"], **changed)}


def create_everything(dsn: str) -> None:
    """The table, with complete old rows in the log, and the publication."""
    columns = ", ".join(f'"{n}" {t}' for n, t in TYPES.items())
    execute(
        dsn,
        f"create table core_everything ({columns}, primary key (id))",
        "alter table core_everything replica identity full",
        "create publication lakehouse for table core_everything",
    )


def execute(dsn: str, *statements: str | tuple) -> list[tuple]:
    """Run the statements in one transaction; returns the rows of the last one."""
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(*([statement] if isinstance(statement, str) else statement))
        rows = cursor.fetchall() if cursor.description else []
        connection.commit()
    return rows
