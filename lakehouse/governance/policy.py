"""Compiles roles, contracts, marts and registry to what each principal may read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from contracts import Contract, DerivedTable, derived_tables
from lakehouse.governance.errors import AccessDeniedError, PolicyError
from lakehouse.governance.registry import Registry
from lakehouse.governance.roles import PLACEHOLDER, Role, Roles, read_roles
from spark_bronze_to_silver.schemas import silver_columns

# The database of each layer, in DuckDB as in the Glue catalog.
SCHEMAS = {"gold": "lakehouse_gold", "silver": "lakehouse_silver"}
TENANT_COLUMN = "tenant_id"
Columns = tuple[str, ...]


class Relation(NamedTuple):
    """A table of a layer."""

    layer: str
    name: str

    def __str__(self) -> str:
        return f"{SCHEMAS[self.layer]}.{self.name}"


@dataclass(frozen=True)
class Access:
    """What one principal reads: columns by relation, and the SQL condition of its rows, if any.

    A relation or column that is not listed does not exist for the principal.
    """

    principal: str
    relations: Mapping[Relation, Columns]
    row_filter: str | None = None


@dataclass(frozen=True)
class Policy:
    """The compiled policy.

    readable: what each of the people's roles reads. whole: the layers of which nothing is hidden
    from it. tenant_tables: Gold tables that can be given to tenants, because each row says whose it
    is. row_filter has the place of the tenant's id.
    """

    readable: Mapping[str, Mapping[Relation, Columns]]
    whole: Mapping[str, frozenset[str]]
    tenant_tables: Mapping[str, Columns]
    row_filter: str

    def access(self, principal: str, registry: Registry) -> Access:
        """What `admin`, `engineer`, `analyst` or `analyst@<tenant's slug>` reads.

        Raises AccessDeniedError for anybody else, and PolicyError when the registry names a table
        that cannot be given to tenants.
        """
        self.check(registry)
        role, at, slug = principal.partition("@")
        if not at and role in self.readable:
            return Access(principal, self.readable[role])
        if at and role == "analyst" and slug in registry.tenants:
            allowed = {Relation("gold", t): self.tenant_tables[t] for t in registry.tables}
            tenant = registry.tenants[slug]
            return Access(principal, allowed, self.row_filter.replace(PLACEHOLDER, tenant.id))
        if at and role == "analyst":
            raise AccessDeniedError(
                f"{principal}: no tenant {slug!r} is registered; nothing was read. "
                "Registered tenants: `lakehouse tenants`."
            )
        raise AccessDeniedError(
            f"{principal!r} is no principal; nothing was read. There are: "
            f"{', '.join(self.readable)}, and analyst@SLUG for a registered tenant."
        )

    def check(self, registry: Registry) -> None:
        """Raise PolicyError when the registry names a table that cannot be given to tenants."""
        for table in registry.tables:
            if table not in self.tenant_tables:
                raise PolicyError(
                    f"the registry lists {table!r}, which is no Gold table with a column "
                    f"{TENANT_COLUMN} that dbt describes; nothing was read. Tables that tenants "
                    f"can be given: {', '.join(sorted(self.tenant_tables))}"
                )


def compile_policy(
    contracts: Iterable[Contract], marts: Mapping[str, Columns], roles: Roles | None = None
) -> Policy:
    """The policy of these tables. Raises PolicyError for roles that it cannot hold."""
    roles, contracts = roles or read_roles(), list(contracts)
    silver = [*contracts, *derived_tables(contracts)]
    readable = {name: _readable(role, silver, marts) for name, role in roles.people.items()}
    tenant_tables = {name: columns for name, columns in marts.items() if TENANT_COLUMN in columns}
    if roles.tenant_analyst.layers != ("gold",) or roles.tenant_analyst.sees_personal:
        raise PolicyError("tenants' analysts read Gold without personal data only (decision 0009)")
    whole = {name: _whole(role) for name, role in roles.people.items()}
    return Policy(readable, whole, tenant_tables, roles.row_filter)


def _whole(role: Role) -> frozenset[str]:
    """Gold has no personal column: staging selects none, and a test sees to that."""
    return frozenset(x for x in role.layers if x == "gold" or role.sees_personal)


def _readable(
    role: Role, silver: Iterable[Contract | DerivedTable], marts: Mapping[str, Columns]
) -> dict[Relation, Columns]:
    found: dict[Relation, Columns] = {}
    if "gold" in role.layers:
        found |= {Relation("gold", name): tuple(columns) for name, columns in marts.items()}
    if "silver" in role.layers:
        found |= {Relation("silver", t.name): _visible(t, role) for t in silver}
    return found


def _visible(table: Contract | DerivedTable, role: Role) -> Columns:
    columns = tuple(silver_columns(table))
    return columns if role.sees_personal else tuple(c for c in columns if c not in personal(table))


def personal(table: Contract | DerivedTable) -> frozenset[str]:
    """Names of the table's columns that hold personal data, derived ones included."""
    derived = table.derived if isinstance(table, Contract) else ()
    return frozenset(c.name for c in (*table.columns, *derived) if c.is_personal)
