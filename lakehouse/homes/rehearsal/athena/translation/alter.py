"""ALTER TABLE: columns, partitions, properties, names."""

from collections.abc import Callable, Sequence

from lakehouse.homes.rehearsal.athena.catalog import Table
from lakehouse.homes.rehearsal.athena.column_types import trino_type
from lakehouse.homes.rehearsal.athena.errors import InvalidRequestError, NotEmulatedError
from lakehouse.homes.rehearsal.athena.tokens import Reader
from lakehouse.homes.rehearsal.athena.translation.clauses import (
    column_definitions,
    partition_values,
    properties,
)
from lakehouse.homes.rehearsal.athena.translation.plan import (
    Context,
    Kind,
    Need,
    Plan,
    qualified,
    quoted,
)
from lakehouse.homes.rehearsal.engine.settings import ICEBERG

Name = tuple[str, str]


def alter_table(reader: Reader, context: Context) -> Plan:
    """ALTER TABLE name .., by the words after the name."""
    name = context.table(reader.name())
    for words, plan in ACTIONS.items():
        if reader.accept(*words):
            return plan(reader, context, name)
    raise NotEmulatedError(f"ALTER TABLE {reader.rest[:40]}")


def _in_catalog(substatement: str, context: Context, name: Name, act: Callable[[], None]) -> Plan:
    """A change of the catalog that Trino has no statement for."""
    return Plan(
        Kind.DDL,
        substatement,
        needs=[Need("ALTER", *name)],
        act=lambda rows: act(),
    )


def _edit(context: Context, name: Name, edit: Callable[[Table], None]) -> Callable[[], None]:
    return lambda: context.catalog.change(*name, edit)


def _set_properties(reader: Reader, context: Context, name: Name) -> Plan:
    given = properties(reader)
    reader.end()
    edit = _edit(context, name, lambda t: t.setdefault("Parameters", {}).update(given))
    return _in_catalog("ALTER_TABLE_PROPERTIES", context, name, edit)


def _unset_properties(reader: Reader, context: Context, name: Name) -> Plan:
    keys = [item.value() for item in reader.group().items()]

    def edit(table: Table) -> None:
        for key in keys:
            table.get("Parameters", {}).pop(key, None)

    return _in_catalog("ALTER_TABLE_PROPERTIES", context, name, _edit(context, name, edit))


def _set_location(reader: Reader, context: Context, name: Name) -> Plan:
    location = reader.string()
    reader.end()
    edit = _edit(context, name, lambda t: t["StorageDescriptor"].update(Location=location))
    return _in_catalog("ALTER_TABLE_LOCATION", context, name, edit)


def _replace_columns(reader: Reader, context: Context, name: Name) -> Plan:
    columns = column_definitions(reader.group())
    reader.end()
    edit = _edit(context, name, lambda t: t["StorageDescriptor"].update(Columns=columns))
    return _in_catalog("ALTER_TABLE_REPLACE_COLUMNS", context, name, edit)


def _add_columns(reader: Reader, context: Context, name: Name) -> Plan:
    columns = column_definitions(reader.group())
    reader.end()
    target, iceberg = _target(context, name)
    return Plan(
        Kind.DDL,
        "ALTER_TABLE_ADD_COLUMN",
        [
            f"alter table {target} add column {quoted(column['Name'])} "
            f"{trino_type(column['Type'], iceberg=iceberg)}"
            for column in columns
        ],
    )


def _drop_column(reader: Reader, context: Context, name: Name) -> Plan:
    column = reader.identifier()
    reader.end()
    target, _ = _target(context, name)
    statement = f"alter table {target} drop column {quoted(column)}"
    return Plan(Kind.DDL, "ALTER_TABLE_DROP_COLUMN", [statement])


def _change_column(reader: Reader, context: Context, name: Name) -> Plan:
    old, new = reader.identifier(), reader.identifier()
    kind = "".join(reader.words_until("COMMENT", "FIRST", "AFTER")).lower()
    if not reader.at_end:
        raise NotEmulatedError(f"CHANGE COLUMN .. {reader.rest}")
    target, iceberg = _target(context, name)
    statements = []
    if old != new:
        statements.append(f"alter table {target} rename column {quoted(old)} to {quoted(new)}")
    stored = next((c for c in _columns(context, name) if c["Name"] == old), {})
    if stored.get("Type") != kind:
        statements.append(
            f"alter table {target} alter column {quoted(new)} set data type "
            f"{trino_type(kind, iceberg=iceberg)}"
        )
    return Plan(Kind.DDL, "ALTER_TABLE_CHANGE_COLUMN", statements)


def _rename(reader: Reader, context: Context, name: Name) -> Plan:
    new = context.table((name[0], *reader.name()[-1:]))
    reader.end()
    if not context.catalog.is_iceberg(*name):
        raise InvalidRequestError("ALTER TABLE RENAME TO is supported for Iceberg tables only")
    statement = f"alter table {qualified(*name, ICEBERG)} rename to {qualified(*new, ICEBERG)}"
    return Plan(Kind.DDL, "ALTER_TABLE_RENAME", [statement])


def _add_partitions(reader: Reader, context: Context, name: Name) -> Plan:
    only_new = reader.accept("IF", "NOT", "EXISTS")
    found: list[tuple[dict[str, str], str | None]] = []
    while not reader.at_end:
        reader.expect("PARTITION")
        values = partition_values(reader)
        found.append((values, reader.string() if reader.accept("LOCATION") else None))

    def act() -> None:
        existing = context.catalog.partitions(*name)
        for values, location in found:
            if not (only_new and values in existing):
                context.catalog.add_partition(*name, values, location)

    return _in_catalog("ALTER_TABLE_ADD_PARTITION", context, name, act)


def _drop_partitions(reader: Reader, context: Context, name: Name) -> Plan:
    reader.accept("IF", "EXISTS")
    found: list[dict[str, str]] = []
    for item in reader.items():
        item.expect("PARTITION")
        found.append(partition_values(item))

    def act() -> None:
        for values in found:
            context.catalog.drop_partition(*name, values)

    return _in_catalog("ALTER_TABLE_DROP_PARTITION", context, name, act)


def _target(context: Context, name: Name) -> tuple[str, bool]:
    iceberg = context.catalog.is_iceberg(*name)
    return (qualified(*name, ICEBERG) if iceberg else qualified(*name)), iceberg


def _columns(context: Context, name: Name) -> Sequence[Table]:
    return context.catalog.table(*name)["StorageDescriptor"]["Columns"]


ACTIONS: dict[tuple[str, ...], Callable[[Reader, Context, Name], Plan]] = {
    ("ADD", "COLUMNS"): _add_columns,
    ("ADD",): _add_partitions,
    ("CHANGE", "COLUMN"): _change_column,
    ("CHANGE",): _change_column,
    ("DROP", "COLUMN"): _drop_column,
    ("DROP",): _drop_partitions,
    ("RENAME", "TO"): _rename,
    ("REPLACE", "COLUMNS"): _replace_columns,
    ("SET", "LOCATION"): _set_location,
    ("SET", "TBLPROPERTIES"): _set_properties,
    ("UNSET", "TBLPROPERTIES"): _unset_properties,
}
