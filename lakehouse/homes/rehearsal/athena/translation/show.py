"""SHOW and DESCRIBE: answered from the catalog, for what the caller may see."""

import re
from collections.abc import Callable, Iterable, Sequence

from lakehouse.homes.rehearsal.athena.catalog import Table, columns
from lakehouse.homes.rehearsal.athena.errors import NotEmulatedError, StatementError
from lakehouse.homes.rehearsal.athena.tokens import Reader
from lakehouse.homes.rehearsal.athena.translation.plan import (
    Answer,
    Context,
    Kind,
    Plan,
    qualified,
)

VIEW = "VIRTUAL_VIEW"


def show(reader: Reader, context: Context) -> Plan:
    """SHOW .., by the words after it."""
    for words, plan in SHOWN.items():
        if reader.accept(*words):
            return plan(reader, context)
    raise NotEmulatedError(f"SHOW {reader.rest[:40]}")


def describe(reader: Reader, context: Context) -> Plan:
    """DESCRIBE [EXTENDED | FORMATTED] table [column]: a line a column, partition columns below."""
    if reader.word in ("EXTENDED", "FORMATTED"):
        raise NotEmulatedError(f"DESCRIBE {reader.word}")
    name = context.table(reader.name())
    only = None if reader.at_end else reader.identifier()
    reader.end()

    def answer() -> Answer:
        table = _seen(context, name)
        rows = [_described(c) for c in columns(table) if only in (None, c["Name"])]
        if table.get("PartitionKeys") and not only:
            rows += [["", "", ""], ["# Partition Information", "", ""]]
            rows += [["# col_name", "data_type", "comment"]]
            rows += [_described(c) for c in table["PartitionKeys"]]
        return Answer(("col_name", "data_type", "comment"), rows)

    return _plan("DESCRIBE_TABLE", answer)


def _described(column: Table) -> list[str]:
    return [column["Name"], column.get("Type", ""), column.get("Comment", "")]


def _plan(substatement: str, answer: Callable[[], Answer]) -> Plan:
    return Plan(Kind.UTILITY, substatement, act=lambda rows: answer())


def _list(substatement: str, title: str, names: Callable[[], Iterable[str]]) -> Plan:
    return _plan(substatement, lambda: Answer((title,), [[name] for name in names()]))


def _databases(reader: Reader, context: Context) -> Plan:
    pattern = _pattern(reader)

    def names() -> list[str]:
        return [
            name
            for name in context.catalog.databases()
            if pattern.fullmatch(name) and context.visible(name, "")
        ]

    return _list("SHOW_DATABASES", "database_name", names)


def _relations(substatement: str, wanted: Callable[[Table], bool]) -> Callable:
    def plan(reader: Reader, context: Context) -> Plan:
        database = context.database
        if reader.accept("IN") or reader.accept("FROM"):
            database = context.schema(reader.name())
        pattern = _pattern(reader)

        def names() -> list[str]:
            return [
                name
                for name, table in context.catalog.tables(database).items()
                if pattern.fullmatch(name) and wanted(table) and context.visible(database, name)
            ]

        return _list(substatement, "tab_name", names)

    return plan


def _pattern(reader: Reader) -> re.Pattern[str]:
    """A pattern of names: * is anything and | separates alternatives; without one, everything."""
    reader.accept("LIKE")
    if reader.at_end:
        return re.compile(".*")
    text = reader.string()
    reader.end()
    alternatives = (re.escape(part).replace(r"\*", ".*") for part in text.lower().split("|"))
    return re.compile("|".join(alternatives))


def _columns(reader: Reader, context: Context) -> Plan:
    if not reader.accept("IN"):
        reader.expect("FROM")
    name = reader.name()
    if reader.accept("IN") or reader.accept("FROM"):
        name = (*reader.name(), *name)
    reader.end()
    place = context.table(name)
    return _list(
        "SHOW_COLUMNS", "field", lambda: [c["Name"] for c in columns(_seen(context, place))]
    )


def _partitions(reader: Reader, context: Context) -> Plan:
    name = context.table(reader.name())
    reader.end()

    def names() -> list[str]:
        _seen(context, name)
        return [
            "/".join(f"{column}={value}" for column, value in values.items())
            for values in context.catalog.partitions(*name)
        ]

    return _list("SHOW_PARTITIONS", "partition", names)


def _properties(reader: Reader, context: Context) -> Plan:
    name = context.table(reader.name())
    only = None if reader.at_end else reader.group().string()
    reader.end()

    def answer() -> Answer:
        found = _seen(context, name).get("Parameters", {})
        rows: Sequence[list[str]] = [[k, str(v)] for k, v in sorted(found.items())]
        return Answer(("prpt_name", "prpt_value"), [r for r in rows if only in (None, r[0])])

    return _plan("SHOW_TABLE_PROPERTIES", answer)


def _create_statement(kind: str) -> Callable[[Reader, Context], Plan]:
    def plan(reader: Reader, context: Context) -> Plan:
        name = context.table(reader.name())
        reader.end()
        statement = f"show create {kind.lower()} {qualified(*name)}"
        return Plan(Kind.UTILITY, f"SHOW_CREATE_{kind}", [statement])

    return plan


def _seen(context: Context, name: tuple[str, str]) -> Table:
    if not context.visible(*name):
        raise StatementError(
            "TABLE_NOT_FOUND", f"Table 'awsdatacatalog.{name[0]}.{name[1]}' does not exist"
        )
    return context.catalog.table(*name)


SHOWN: dict[tuple[str, ...], Callable[[Reader, Context], Plan]] = {
    ("COLUMNS",): _columns,
    ("CREATE", "TABLE"): _create_statement("TABLE"),
    ("CREATE", "VIEW"): _create_statement("VIEW"),
    ("DATABASES",): _databases,
    ("SCHEMAS",): _databases,
    ("PARTITIONS",): _partitions,
    ("TABLES",): _relations("SHOW_TABLES", lambda table: True),
    ("TBLPROPERTIES",): _properties,
    ("VIEWS",): _relations("SHOW_VIEWS", lambda table: table.get("TableType") == VIEW),
}
