"""Rights as the rules of Trino's file-based access control. The first rule that fits decides."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from lakehouse.homes.rehearsal.athena.access.policy import Policy, Right
from lakehouse.homes.rehearsal.engine.settings import HIVE, HUDI, ICEBERG

# After a redirection Trino asks for the table under the catalog that it really lies in.
CATALOGS = f"{HIVE}|{ICEBERG}|{HUDI}"
EVERYTHING = ("SELECT", "INSERT", "DELETE", "UPDATE", "OWNERSHIP", "GRANT_SELECT")
# Who makes a view needs GRANT_SELECT; views ask for their caller's rights, so it opens nothing.
PRIVILEGES = {
    "SELECT": ("SELECT", "GRANT_SELECT"),
    "INSERT": ("INSERT",),
    "DELETE": ("DELETE",),
    "ALTER": ("OWNERSHIP",),
    "DROP": ("OWNERSHIP",),
}
# Columns of a table; None when there is no such table.
Columns = Callable[[str, str], Sequence[str] | None]
# Names of a database's tables.
Tables = Callable[[str], Sequence[str]]


def trino_rules(policy: Policy, columns: Columns, tables: Tables) -> dict[str, Any]:
    """The rules; whoever is not named in them may do nothing."""
    principals = sorted({r.principal for r in policy.rights if r.permissions - {"DESCRIBE"}})
    writers = sorted({r.principal for r in policy.rights if "INSERT" in r.permissions})
    creators = {d.principal for d in policy.databases if "CREATE_TABLE" in d.permissions}
    by_name = [r for r in policy.rights if r.table is not None]
    by_database = [r for r in policy.rights if r.table is None]
    writing = _users([policy.root, *writers, *sorted(creators)])
    return {
        "catalogs": [
            {"user": writing, "catalog": CATALOGS, "allow": "all"},
            *(
                [{"user": _users(principals), "catalog": CATALOGS, "allow": "read-only"}]
                if principals
                else []
            ),
        ],
        "schemas": [{"user": _users([policy.root]), "owner": True}, {"owner": False}],
        "procedures": [
            {
                "user": writing,
                "catalog": CATALOGS,
                "schema": "system",
                "procedure": "sync_partition_metadata",
                "privileges": ["EXECUTE"],
            }
        ],
        "tables": [
            {"user": _users([policy.root]), "privileges": list(EVERYTHING)},
            {"schema": "information_schema", "privileges": ["SELECT"]},
            *[rule for right in by_name if (rule := _table_rule(right, columns))],
            *[rule for right in by_database if (rule := _database_rule(right))],
            *_creating(policy, tables),
        ],
    }


def _table_rule(right: Right, columns: Columns) -> dict[str, Any] | None:
    assert right.table is not None
    described = columns(right.database, right.table)
    if described is None:
        return None
    # "t$snapshots" and its like tell of all rows and columns.
    suffix = r"(\$.*)?" if right.is_whole else ""
    rule = _rule(right, re.escape(right.table) + suffix)
    if right.rows is not None:
        rule["filter"] = " or ".join(f"({row})" for row in right.rows)
    hidden = right.hidden(described) if right.columns else []
    if hidden:
        rule["columns"] = [{"name": name, "allow": False} for name in hidden]
    return rule


def _database_rule(right: Right) -> dict[str, Any] | None:
    """Lake Formation has no grant on all tables that names columns or rows; one would be void."""
    return _rule(right, ".*") if right.is_whole or not right.columns else None


def _rule(right: Right, table: str) -> dict[str, Any]:
    return {
        "user": _users([right.principal]),
        "catalog": CATALOGS,
        "schema": re.escape(right.database),
        "table": table,
        "privileges": _privileges(right.permissions),
    }


def _privileges(permissions: frozenset[str]) -> list[str]:
    found = {p for permission in permissions for p in PRIVILEGES.get(permission, ())}
    if {"INSERT", "DELETE"} <= permissions:
        found.add("UPDATE")
    return sorted(found)


def _creating(policy: Policy, tables: Tables) -> list[dict[str, Any]]:
    """CREATE_TABLE: Trino asks for ownership of a table that is not there yet.

    Tables that are there stay closed to a principal that has no right on them.
    """
    rules = []
    for granted in policy.databases:
        if "CREATE_TABLE" not in granted.permissions:
            continue
        named = Right(granted.principal, granted.database, None, frozenset({"ALTER"}))
        existing = [
            name
            for name in tables(granted.database)
            if policy.right(granted.principal, granted.database, name) is None
        ]
        if existing:
            closed = "|".join(re.escape(name) for name in existing)
            rules.append({**_rule(named, rf"({closed})(\$.*)?"), "privileges": []})
        rules.append(_rule(named, ".*"))
    return rules


def _users(principals: Sequence[str]) -> str:
    return "|".join(re.escape(principal) for principal in principals)
