"""What is in Gold and Silver, and what each role is to see of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from contracts import Contract
from lakehouse.governance import compile_policy
from lakehouse.governance.marts import read_marts
from lakehouse.governance.policy import SCHEMAS, Relation
from lakehouse.governance.registry import read_registry
from lakehouse.homes.embedded.silver_relations import SCHEMA as SILVER
from lakehouse.rehearsal.comparison import GOLD
from lakehouse.rehearsal.stage import Stage

STAGING = "lakehouse_staging"
# IAM's names of the roles of people, by the policy's.
PEOPLE = {"engineer": "DataEngineer", "analyst": "DataAnalyst", "admin": "LakeFormationAdmin"}
WORKGROUPS = {"analyst": "analytics-team"}
STRANGER = "stranger"
# AWS's own policy AWSLakeFormationDataAdmin, which this role has, lets it list every bucket.
LISTS_BUCKETS = {"admin"}


@dataclass(frozen=True)
class Facts:
    """A table: its rows in all, by tenant, and its columns; a view's are not counted."""

    database: str
    name: str
    rows: int = 0
    by_tenant: Mapping[str, int] | None = None
    columns: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """Name with database, quoted."""
        return f'"{self.database}"."{self.name}"'


@dataclass(frozen=True)
class Visitor:
    """A role: its workgroup, the columns that it is to see by table, the tenant it is held to."""

    name: str
    role: str
    workgroup: str
    results: str
    readable: Mapping[tuple[str, str], tuple[str, ...]]
    tenant_id: str | None = None

    def columns(self, table: Facts) -> tuple[str, ...]:
        """The table's columns that the role is to see; none when it is not to know of it."""
        return self.readable.get((table.database, table.name), ())

    def rows(self, table: Facts) -> int:
        """The number of the table's rows that the role is to see."""
        if self.tenant_id is None:
            return table.rows
        return (table.by_tenant or {}).get(self.tenant_id, 0)


def read_facts(connection: duckdb.DuckDBPyConnection) -> list[Facts]:
    """Every Gold and Silver table, with its rows; then the views between them, without."""
    found = connection.execute(
        "select table_schema, table_name, list(column_name::varchar order by ordinal_position) "
        "from information_schema.columns where table_schema in (?, ?, ?) group by all order by all",
        [GOLD, SILVER, STAGING],
    ).fetchall()
    return [
        Facts(database, name)
        if database == STAGING
        else _table(connection, database, name, tuple(columns))
        for database, name, columns in found
    ]


def _table(
    connection: duckdb.DuckDBPyConnection, database: str, name: str, columns: tuple[str, ...]
) -> Facts:
    place = f'"{database}"."{name}"'
    rows = connection.execute(f"select count(*) from {place}").fetchall()[0][0]
    by_tenant = None
    if "tenant_id" in columns:
        counted = connection.execute(f"select tenant_id, count(*) from {place} group by 1")
        by_tenant = dict(counted.fetchall())
    return Facts(database, name, rows, by_tenant, columns)


def visitors(stage: Stage, contracts: Mapping[str, Contract]) -> list[Visitor]:
    """The tenants' roles, those of people, and one that nobody has granted anything."""
    registry = read_registry(stage.deployment.root / "tenants.yaml")
    policy = compile_policy(contracts.values(), read_marts())
    found = []
    for slug, tenant in registry.tenants.items():
        access = policy.access(f"analyst@{slug}", registry)
        found.append(
            Visitor(
                slug,
                f"tenant-{slug}",
                f"tenant-{slug}",
                f"tenants/{slug}",
                _readable(access.relations),
                tenant.id,
            )
        )
    for name, role in PEOPLE.items():
        group = WORKGROUPS.get(name, "data-engineering")
        access = policy.access(name, registry)
        found.append(Visitor(name, role, group, group, _readable(access.relations)))
    return [*found, Visitor(STRANGER, STRANGER, "analytics-team", "analytics-team", {})]


def _readable(
    relations: Mapping[Relation, tuple[str, ...]],
) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(SCHEMAS[r.layer], r.name): tuple(columns) for r, columns in relations.items()}
