"""What Lake Formation holds: grants and data cells filters, read from the emulator."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.lakeformation.models import lakeformation_backends

from lakehouse.homes.rehearsal.services.extending import kept
from lakehouse.homes.rehearsal.services.lake_formation import ALL_TABLES

ALL = frozenset({"ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"})
NO_COLUMN = frozenset[str]()


@dataclass(frozen=True)
class Grant:
    """What a principal may do with a table, or (table is None) with all tables of a database.

    rows is a predicate, None for all rows; only lists the columns that are granted, None for all;
    excluded those that are not.
    """

    principal: str
    database: str
    table: str | None
    permissions: frozenset[str]
    rows: str | None = None
    only: frozenset[str] | None = None
    excluded: frozenset[str] = NO_COLUMN

    @property
    def is_whole(self) -> bool:
        """Whether it opens every row and column."""
        return self.rows is None and self.only is None and not self.excluded


@dataclass(frozen=True)
class DatabaseGrant:
    """What a principal may do with a database, such as CREATE_TABLE."""

    principal: str
    database: str
    permissions: frozenset[str]


def read_grants(account: str, region: str) -> tuple[list[Grant], list[DatabaseGrant]]:
    """All grants on tables and databases.

    A grant of a kind that is not emulated (LF-Tags) gives nothing, and so does one on a filter that
    is gone or has no row predicate.
    """
    backend = lakeformation_backends[account][region]
    filters = kept(backend, "filters")
    tables, databases = [], []
    for stored in list(kept(backend, "grants").values()):
        principal = stored["Principal"]["DataLakePrincipalIdentifier"]
        permissions = frozenset(stored["Permissions"])
        if permissions & {"ALL", "SUPER"}:
            permissions |= ALL
        ((kind, resource),) = stored["Resource"].items()
        if kind == "Database":
            databases.append(DatabaseGrant(principal, resource["Name"], permissions))
        elif kind in ("Table", "TableWithColumns"):
            tables.append(_on_table(principal, resource, permissions))
        elif kind == "DataCellsFilter":
            tables += _through_filter(principal, resource, permissions, filters)
    return tables, databases


def _on_table(principal: str, resource: dict[str, Any], permissions: frozenset[str]) -> Grant:
    table = resource.get("Name")
    only, excluded = _columns(resource)
    return Grant(
        principal,
        resource["DatabaseName"],
        None if table in (None, ALL_TABLES) else table,
        permissions,
        only=only,
        excluded=excluded,
    )


def _through_filter(
    principal: str, resource: dict[str, Any], permissions: frozenset[str], filters: dict
) -> Iterator[Grant]:
    key = tuple(resource[n] for n in ("TableCatalogId", "DatabaseName", "TableName", "Name"))
    if key not in filters:
        return
    cells = filters[key]
    rows = cells.get("RowFilter") or {}
    predicate = rows.get("FilterExpression")
    if not predicate and "AllRowsWildcard" not in rows:
        return
    only, excluded = _columns(cells)
    yield Grant(
        principal,
        cells["DatabaseName"],
        cells["TableName"],
        permissions & {"SELECT", "DESCRIBE"},
        rows=predicate or None,
        only=only,
        excluded=excluded,
    )


def _columns(resource: dict[str, Any]) -> tuple[frozenset[str] | None, frozenset[str]]:
    names = resource.get("ColumnNames")
    excluded = (resource.get("ColumnWildcard") or {}).get("ExcludedColumnNames") or ()
    return (frozenset(names) if names else None), frozenset(excluded)
