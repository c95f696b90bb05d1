"""Merges grants into rights: one right for each principal and table."""

from collections.abc import Iterable
from dataclasses import dataclass

from lakehouse.homes.rehearsal.athena.access.grants import DatabaseGrant, Grant
from lakehouse.homes.rehearsal.athena.translation.plan import Need


@dataclass(frozen=True)
class Columns:
    """The columns that one grant opens: all, those that it lists, or all but some."""

    only: frozenset[str] | None
    excluded: frozenset[str]

    def opens(self, column: str) -> bool:
        """Whether the grant opens that column."""
        return column not in self.excluded if self.only is None else column in self.only


@dataclass(frozen=True)
class Right:
    """What a principal may do with a table (None: with any other table of the database).

    rows holds the predicates of which one has to hold; None means all rows. Lake Formation decides
    cell by cell, Trino cannot: when the grants have different rows (add is False), a column is
    open only when each of them opens it. That is less than on AWS, never more.
    """

    principal: str
    database: str
    table: str | None
    permissions: frozenset[str]
    rows: tuple[str, ...] | None = None
    columns: tuple[Columns, ...] = ()
    add: bool = True

    def hidden(self, names: Iterable[str]) -> list[str]:
        """Those of the table's columns that the principal does not see."""
        enough = any if self.add else all
        return sorted(n for n in names if not enough(c.opens(n) for c in self.columns))

    @property
    def is_whole(self) -> bool:
        """Whether every row and column may be seen."""
        enough = any if self.add else all
        everything = Columns(None, frozenset())
        return self.rows is None and enough(c == everything for c in self.columns)


@dataclass(frozen=True)
class Policy:
    """All rights of an account; `root` may do everything."""

    root: str
    rights: tuple[Right, ...]
    databases: tuple[DatabaseGrant, ...]

    def right(self, principal: str, database: str, table: str) -> Right | None:
        """The right of a principal on a table, by its name or by that on all tables."""
        mine = [r for r in self.rights if (r.principal, r.database) == (principal, database)]
        return next((r for r in mine if r.table == table), None) or next(
            (r for r in mine if r.table is None), None
        )

    def sees(self, principal: str, database: str, table: str) -> bool:
        """Whether a principal may know of a table; of the database, when table is empty."""
        if principal == self.root:
            return True
        if table:
            return self.right(principal, database, table) is not None
        granted = (*self.rights, *self.databases)
        return any((g.principal, g.database) == (principal, database) for g in granted)

    def allows(self, principal: str, need: Need) -> bool:
        """Whether the principal has the permission."""
        if principal == self.root:
            return True
        if need.table is None:
            return any(
                (g.principal, g.database) == (principal, need.database)
                and need.permission in g.permissions
                for g in self.databases
            )
        right = self.right(principal, need.database, need.table)
        return right is not None and need.permission in right.permissions


def compile_policy(
    root: str, grants: Iterable[Grant], databases: Iterable[DatabaseGrant]
) -> Policy:
    """One right for each principal and table; grants on all tables count for each of them too."""
    grants = list(grants)
    places = dict.fromkeys((g.principal, g.database, g.table) for g in grants)
    rights = []
    for principal, database, table in places:
        matching = [
            g
            for g in grants
            if (g.principal, g.database) == (principal, database) and g.table in (table, None)
        ]
        rights.append(_merged(principal, database, table, matching))
    return Policy(root, tuple(rights), tuple(databases))


def _merged(principal: str, database: str, table: str | None, grants: list[Grant]) -> Right:
    reading = [g for g in grants if "SELECT" in g.permissions]
    # One that opens everything leaves nothing to limit.
    reading = [g for g in reading if g.is_whole][:1] or reading
    rows = None
    if reading and all(g.rows for g in reading):
        rows = tuple(dict.fromkeys(g.rows for g in reading if g.rows))
    return Right(
        principal,
        database,
        table,
        frozenset().union(*(g.permissions for g in grants)),
        rows,
        tuple(Columns(g.only, g.excluded) for g in reading),
        add=len({g.rows for g in reading}) <= 1,
    )
