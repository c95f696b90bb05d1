"""What a whole table, or the server, loses on its way through AWS DMS. Pure: no database.

Sources: AWS DMS user guide (2023), "Using a PostgreSQL database as a source"; PostgreSQL manual,
"Logical Replication" and "Logical Decoding"; docs/TRAPS.md.
"""

from collections.abc import Iterator, Mapping

from contracts import Contract
from lakehouse.checks.source.catalogue import Catalogue, LiveTable
from lakehouse.checks.source.finding import Finding, Severity

FULL = "f"
IDENTITIES = {
    "d": "default: a delete carries only the primary key, an update no unchanged large value",
    "n": "nothing: updates and deletes carry no key",
    "i": "an index: a delete carries only that index's columns",
}
NOT_TABLES = {"v": "a view", "m": "a materialized view", "f": "a foreign table"}


def server_risks(catalogue: Catalogue, publication: str) -> Iterator[Finding]:
    """What is wrong for all tables."""
    if catalogue.wal_level != "logical":
        yield Finding(
            *("wal_level", Severity.LOSS, "", ""),
            f"wal_level is {catalogue.wal_level}: no change can be captured",
            "set wal_level = logical and restart (Amazon RDS: rds.logical_replication = 1)",
        )
    if catalogue.timezone != "UTC":
        yield Finding(
            *("time_zone", Severity.LOSS, "", ""),
            f"the role's time zone is {catalogue.timezone}: DMS drops the zone of a timestamp",
            "alter role ... set timezone = 'UTC' for the role that replicates",
        )
    if catalogue.publication is None:
        yield Finding(
            *("no_publication", Severity.LOSS, "", ""),
            f"there is no publication {publication}: the local DMS gets no changes",
            f"create publication {publication} for table ...",
        )
    elif not catalogue.publishes_all_operations:
        yield Finding(
            *("operations_left_out", Severity.LOSS, "", ""),
            f"publication {publication} leaves out inserts, updates or deletes",
            f"alter publication {publication} set (publish = 'insert, update, delete')",
        )


def table_risks(
    table: LiveTable, contract: Contract | None, catalogue: Catalogue, publication: str
) -> Iterator[Finding]:
    """What is wrong with one table; nothing about its columns."""

    def loss(code: str, found: str, mend: str) -> Finding:
        return Finding(code, Severity.LOSS, table.name, "", found, mend)

    if contract is None:
        yield loss("no_contract", "no contract: not replicated", "write a contract for it")
    if table.kind in NOT_TABLES:
        yield loss(
            "not_a_table",
            f"{NOT_TABLES[table.kind]}: it has no changes to capture",
            "replicate the tables below it",
        )
        return
    if table.kind == "p" or table.is_partition:
        yield loss(
            "partitioned",
            "partitioned: DMS captures no changes of it",
            "make it one plain table",
        )
    if table.persistence == "u":
        yield loss(
            "unlogged",
            "unlogged: its changes are not in the write-ahead log",
            f"alter table {table.name} set logged",
        )
    if not table.primary_key:
        yield loss(
            "no_primary_key",
            "no primary key: DMS ignores updates and deletes",
            f"alter table {table.name} add primary key (...)",
        )
    elif not _refuses_key_changes(table, contract):
        yield loss(
            "key_may_change",
            "no trigger refuses a change of the key: DMS ignores such an update",
            "add a trigger as core/migrations/0002_rules.py does",
        )
    if table.replica_identity != FULL:
        yield loss(
            "replica_identity",
            f"replica identity is {IDENTITIES[table.replica_identity]}",
            f"alter table {table.name} replica identity full",
        )
    if table.has_row_security:
        yield Finding(
            *("row_security", Severity.RISK, table.name, ""),
            "row security: a full load reads only the rows that its role may see",
            "alter role ... bypassrls for the role that replicates",
        )
    yield from _publication_risks(table, catalogue, publication)


def missing_tables(
    contracts: Mapping[tuple[str, str], Contract], catalogue: Catalogue
) -> Iterator[Finding]:
    """Contracts whose table is not there."""
    there = {(table.schema, table.name) for table in catalogue.tables}
    for place, contract in contracts.items():
        if place not in there:
            yield Finding(
                *("missing_table", Severity.LOSS, contract.source_table, ""),
                "the contract's table is not in the database",
                "run `manage.py migrate`, or remove the contract",
            )


def _refuses_key_changes(table: LiveTable, contract: Contract | None) -> bool:
    names = {column.name for column in table.columns}
    key = set(contract.key if contract else table.primary_key) & names
    return any(
        "BEFORE UPDATE" in trigger
        and "FOR EACH ROW" in trigger
        and all(f"old.{name}" in trigger for name in key)
        for trigger in table.triggers
    )


def _publication_risks(
    table: LiveTable, catalogue: Catalogue, publication: str
) -> Iterator[Finding]:
    if catalogue.publication is None:
        return
    published = catalogue.publication.get((table.schema, table.name))
    if published is None:
        yield Finding(
            *("not_published", Severity.LOSS, table.name, ""),
            f"not in publication {publication}: the local DMS gets no changes of it",
            f"alter publication {publication} add table {table.name}",
        )
        return
    left_out = {c.name for c in table.columns if not c.is_generated} - published.columns
    if published.is_filtered or left_out:
        what = f"columns {', '.join(sorted(left_out))}" if left_out else "some rows"
        yield Finding(
            *("published_in_part", Severity.LOSS, table.name, ""),
            f"publication {publication} leaves out {what}",
            f"alter publication {publication} drop table {table.name}, then add it whole",
        )
