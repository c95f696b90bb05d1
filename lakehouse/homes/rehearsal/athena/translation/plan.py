"""What a statement needs to be known of its surroundings, and what it becomes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lakehouse.homes.rehearsal.athena.catalog import Catalog
from lakehouse.homes.rehearsal.athena.errors import InvalidRequestError
from lakehouse.homes.rehearsal.engine.settings import HIVE

# Names of Athena's one catalog; a quoted "AwsDataCatalog" comes in small letters too.
OWN_CATALOG = {"awsdatacatalog"}


class Kind(StrEnum):
    """Athena's StatementType: it decides on header row and result file."""

    DDL = "DDL"
    DML = "DML"
    UTILITY = "UTILITY"


@dataclass(frozen=True)
class Answer:
    """Rows that need no engine: column names and their text values."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str | None]]


@dataclass(frozen=True)
class Need:
    """A permission of Lake Formation that the caller must have; table is None for a database."""

    permission: str
    database: str
    table: str | None = None


@dataclass(frozen=True)
class Plan:
    """What is to be done, in this order: needs are checked, Trino's statements run, then `act`.

    `act` gets the rows of the last Trino statement as text. Its answer, if any, is the result.
    """

    kind: Kind
    substatement: str
    trino: Sequence[str] = ()
    session: Mapping[str, str] = field(default_factory=dict)
    needs: Sequence[Need] = ()
    act: Callable[[Sequence[Sequence[str | None]]], Answer | None] | None = None
    # Where a CREATE TABLE AS or UNLOAD puts its files; the API calls it the output location.
    data_location: str | None = None


@dataclass(frozen=True)
class Context:
    """Where a statement runs: default database, catalog, the workgroup's results, who may see what.

    `prepared` finds the text of a prepared statement of the workgroup.
    """

    database: str
    catalog: Catalog
    query_id: str
    output: str
    enforced: bool
    visible: Callable[[str, str], bool]
    prepared: Callable[[str], str | None] = lambda name: None
    prepare: Callable[[str, str | None], None] = lambda name, text: None

    def table(self, name: Sequence[str]) -> tuple[str, str]:
        """Database and table of a name of one to three parts."""
        if len(name) == 3 and name[0] not in OWN_CATALOG:
            raise InvalidRequestError(f"Catalog '{name[0]}' does not exist")
        return (name[-2] if len(name) > 1 else self.database), name[-1]

    def schema(self, name: Sequence[str]) -> str:
        """Database of a name of one or two parts."""
        if len(name) > 2 or (len(name) == 2 and name[0] not in OWN_CATALOG):
            raise InvalidRequestError(f"'{'.'.join(name)}' is not a database's name")
        return name[-1]


def quoted(name: str) -> str:
    """A name as Trino takes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string as Trino takes it."""
    return "'" + text.replace("'", "''") + "'"


def qualified(database: str, table: str, catalog: str = HIVE) -> str:
    """A table's full name for Trino."""
    return f"{quoted(catalog)}.{quoted(database)}.{quoted(table)}"
