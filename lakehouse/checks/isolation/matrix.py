"""Runs the routes as one principal and judges each answer by facts that the policy did not give."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lakehouse.checks.isolation.routes import ATTACKS, TABLE_ROUTES, Expected, Route, Target
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.governed import GovernedConnection


@dataclass(frozen=True)
class Facts:
    """What is in a table: rows by tenant, all columns, and a column that may be hidden."""

    table: str
    rows: Mapping[str, int]
    columns: tuple[str, ...]
    hidden: str = ""


@dataclass(frozen=True)
class Principal:
    """What must hold for a principal, said without the policy.

    readable: the columns that it is to see by table, none for tables that are not its. tenants:
    ids whose rows it is to see. forbidden: values that no answer may hold. unknown: names of
    tables that it may not even hear of.
    """

    name: str
    readable: Mapping[str, tuple[str, ...]]
    tenants: frozenset[str]
    forbidden: frozenset[str]
    other_tenant: str
    unknown: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class Cell:
    """One try: what it should have ended in, and what it ended in."""

    principal: str
    table: str
    route: str
    expected: str
    seen: str

    @property
    def holds(self) -> bool:
        """Whether the two are the same."""
        return self.expected == self.seen


def probe(
    connection: GovernedConnection,
    principal: Principal,
    tables: Iterable[Facts],
    files: Iterable[tuple[str, str]],
) -> Iterator[Cell]:
    """Every route on every table, then the attacks on every file (a Parquet file, a database)."""
    for facts in tables:
        target = Target(facts.table, principal.other_tenant, facts.hidden or "none", "/x", "/x")
        for route in TABLE_ROUTES:
            if route.name == "hidden column" and facts.hidden in _columns(principal, facts):
                continue
            expected = _expected(route, principal, facts)
            yield Cell(
                principal.name,
                facts.table,
                route.name,
                expected,
                _seen(connection, route.sql(target), principal, facts),
            )
    for file, database in files:
        target = Target("lakehouse_gold.dim_tenant", file=file, database=database)
        for route in ATTACKS:
            expected = "refused" if route.expected is Expected.REFUSED else "no leak"
            seen = _seen(connection, route.sql(target), principal, None)
            yield Cell(principal.name, "", route.name, expected, seen)


def _columns(principal: Principal, facts: Facts) -> tuple[str, ...]:
    return principal.readable.get(facts.table, ())


def _expected(route: Route, principal: Principal, facts: Facts) -> str:
    columns = _columns(principal, facts)
    # A table that belongs to no tenant has no column to ask for one by.
    asks_for_tenant = "tenant_id" in route.sql(Target("", "x"))
    if route.expected is Expected.REFUSED or not columns:
        return "refused"
    if asks_for_tenant and "tenant_id" not in columns:
        return "refused"
    rows = sum(n for tenant, n in facts.rows.items() if tenant in principal.tenants)
    if route.expected is Expected.NO_ROWS:
        rows = facts.rows.get(principal.other_tenant, 0)
        rows = rows if principal.other_tenant in principal.tenants else 0
    return f"{rows} rows, {len(columns)} columns"


def _seen(
    connection: GovernedConnection, sql: str, principal: Principal, facts: Facts | None
) -> str:
    everything = "a variable that a replacement scan would find"  # noqa: F841
    try:
        answer = connection.query(sql)
    except LakehouseError:
        return "refused"
    rows = answer.rows()
    if leaked := _forbidden_values(rows, principal.forbidden | principal.unknown):
        return f"LEAK of {leaked}"
    if facts is None:
        return "no leak"
    extra = set(answer.columns) - set(_columns(principal, facts))
    return (
        f"LEAK of columns {sorted(extra)}"
        if extra
        else f"{len(rows)} rows, {len(answer.columns)} columns"
    )


def _forbidden_values(rows: Iterable[tuple], forbidden: frozenset[str]) -> str | None:
    for row in rows:
        for value in row:
            if str(value) in forbidden:
                return str(value)
    return None
