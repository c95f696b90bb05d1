"""Merges grants into rights: one right for each principal and table."""

from collections.abc import Iterable
from dataclasses import dataclass

from lakehouse.homes.rehearsal.athena.access.grants import DatabaseGrant, Grant
from lakehouse.homes.rehearsal.athena.translation.plan import Need


@dataclass(frozen=True)
class Right:
    """What a principal may do with a table (None: with any other table of the database).

    rows holds the predicates of which one has to hold; None means all rows. hidden columns are
    those that every grant leaves out; only, when set, are the ones that some grant lists.
    """

    principal: str
    database: str
    table: str | None
    permissions: frozenset[str]
    rows: tuple[str, ...] | None
    only: frozenset[str] | None
    excluded: frozenset[str]

    def hidden(self, columns: Iterable[str]) -> list[str]:
        """Those of the table's columns that the principal does not see."""
        allowed = set(columns) if self.only is None else set(self.only)
        return sorted(c for c in columns if c not in allowed or c in self.excluded)

    @property
    def is_whole(self) -> bool:
        """Whether every row and column may be seen."""
        return self.rows is None and self.only is None and not self.excluded


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
    """Rows add up. Columns do where the rows are the same for all grants.

    Lake Formation decides cell by cell; Trino cannot. So when grants with other rows list other
    columns, a column is seen only when all of them have it: less than on AWS, never more.
    """
    permissions = frozenset().union(*(g.permissions for g in grants))
    reading = [g for g in grants if "SELECT" in g.permissions]
    rows = None
    if reading and all(g.rows for g in reading):
        rows = tuple(dict.fromkeys(g.rows for g in reading if g.rows))
    same_rows = len({g.rows for g in reading}) <= 1
    only = _only([g.only for g in reading], add=same_rows)
    excluded = [g.excluded - (g.only or frozenset()) for g in reading]
    hidden = frozenset()
    if excluded:
        first, *others = excluded
        hidden = first.intersection(*others) if same_rows else first.union(*others)
    return Right(principal, database, table, permissions, rows, only, hidden)


def _only(lists: list[frozenset[str] | None], *, add: bool) -> frozenset[str] | None:
    if add:
        if not lists or None in lists:
            return None
        return frozenset().union(*(names for names in lists if names))
    named = [names for names in lists if names is not None]
    return frozenset.intersection(*named) if named else None
