"""The Glue catalog, as Athena reads and changes it; kept by the emulator."""

import copy
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.glue.models import glue_backends

from lakehouse.homes.rehearsal.athena.errors import StatementError

# A table as the API's TableInput has it.
Table = dict[str, Any]
_changing = threading.Lock()


@dataclass(frozen=True)
class Catalog:
    """Databases and tables of one account and region."""

    account: str
    region: str

    @property
    def _backend(self) -> Any:
        return glue_backends[self.account][self.region]

    def databases(self) -> list[str]:
        """Names of all databases."""
        return sorted(self._backend.databases)

    def tables(self, database: str) -> dict[str, Table]:
        """Tables and views of a database by name; StatementError when there is no database."""
        return {n: _current(t) for n, t in sorted(self._database(database).tables.items())}

    def find(self, database: str, table: str) -> Table | None:
        """A table or view; None when there is none."""
        databases = self._backend.databases
        if database not in databases or table not in databases[database].tables:
            return None
        return _current(databases[database].tables[table])

    def table(self, database: str, table: str) -> Table:
        """A table or view; StatementError when there is none."""
        found = self.find(database, table)
        if found is None:
            raise StatementError(
                "TABLE_NOT_FOUND", f"Table 'awsdatacatalog.{database}.{table}' does not exist"
            )
        return found

    def is_iceberg(self, database: str, table: str) -> bool:
        """Whether there is such a table and its format is Iceberg."""
        found = self.find(database, table) or {}
        return found.get("Parameters", {}).get("table_type", "").upper() == "ICEBERG"

    def create(self, database: str, table: Table) -> None:
        """Add a table; StatementError when it exists or its database does not."""
        self._database(database)
        try:
            self._backend.create_table(database, table["Name"], table)
        except JsonRESTError as error:
            raise StatementError("FAILED", f"{error.error_type}: {error.message}") from error

    def change(self, database: str, table: str, edit: Callable[[Table], None]) -> None:
        """Let `edit` alter a copy of the table, and store it as a new version."""
        with _changing:
            changed = copy.deepcopy(self.table(database, table))
            edit(changed)
            self._backend.update_table(database, table, changed)

    def partitions(self, database: str, table: str) -> list[Mapping[str, str]]:
        """Values of every partition, by column."""
        keys = [key["Name"] for key in self.table(database, table).get("PartitionKeys", [])]
        stored = self._database(database).tables[table].partitions.values()
        return [dict(zip(keys, partition.values, strict=True)) for partition in stored]

    def add_partition(
        self, database: str, table: str, values: Mapping[str, str], location: str | None
    ) -> None:
        """Add a partition at the location, below the table's own by default; StatementError when
        it exists.
        """
        described = self.table(database, table)
        ordered = self._ordered(described, values)
        storage = described["StorageDescriptor"]
        folder = "/".join(f"{k['Name']}={values[k['Name']]}" for k in described["PartitionKeys"])
        place = location or f"{storage['Location'].rstrip('/')}/{folder}/"
        partition = {"Values": ordered, "StorageDescriptor": {**storage, "Location": place}}
        try:
            self._database(database).tables[table].create_partition(partition)
        except JsonRESTError as error:
            raise StatementError("FAILED", f"{error.error_type}: {error.message}") from error

    def drop_partition(self, database: str, table: str, values: Mapping[str, str]) -> bool:
        """Remove a partition; whether there was one."""
        ordered = self._ordered(self.table(database, table), values)
        stored = self._database(database).tables[table].partitions
        return stored.pop(str(ordered), None) is not None

    def _database(self, name: str) -> Any:
        databases = self._backend.databases
        if name not in databases:
            raise StatementError("SCHEMA_NOT_FOUND", f"Schema '{name}' does not exist")
        return databases[name]

    @staticmethod
    def _ordered(table: Table, values: Mapping[str, str]) -> list[str]:
        keys = [key["Name"] for key in table.get("PartitionKeys", [])]
        if set(keys) != set(values):
            raise StatementError(
                "INVALID_PARTITION", f"a partition of {table['Name']} has the columns {keys}"
            )
        return [values[key] for key in keys]


def column_names(table: Table) -> list[str]:
    """Names of a table's columns, partition columns last."""
    return [c["Name"] for c in columns(table)]


def columns(table: Table) -> Iterable[Mapping[str, str]]:
    """A table's columns as Glue describes them, partition columns last."""
    described = table.get("StorageDescriptor", {}).get("Columns", [])
    return [*described, *table.get("PartitionKeys", [])]


def _current(table: Any) -> Table:
    return table.get_version(str(table._current_version))
