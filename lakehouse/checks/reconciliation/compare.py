"""Compares two tables of the same columns: counts, keys, values, sums of money."""

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from contracts import Contract
from lakehouse.checks.reconciliation.layers import compared_columns

MAX_DIFFERENCES = 20


@dataclass(frozen=True)
class TenantCounts:
    """One tenant's rows in two layers; grain: tenant. sums: column to (wanted, found)."""

    tenant_id: str
    wanted_rows: int
    found_rows: int
    missing: int
    unexpected: int
    differing: int
    sums: dict[str, tuple[Decimal | None, Decimal | None]]

    @property
    def agrees(self) -> bool:
        """Whether the same keys hold the same values."""
        return not (self.missing or self.unexpected or self.differing)


@dataclass(frozen=True)
class Difference:
    """One key that the layers disagree on; columns is empty when one of them lacks the row."""

    tenant_id: str
    id: str
    problem: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """What two layers hold of one table; differences are the first MAX_DIFFERENCES by key."""

    wanted: str
    found: str
    tenants: tuple[TenantCounts, ...]
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        """Whether every tenant's rows are the same in both."""
        return all(tenant.agrees for tenant in self.tenants)


def compare(
    connection: duckdb.DuckDBPyConnection, contract: Contract, *, wanted: str, found: str
) -> Comparison:
    """Compare the DuckDB tables `wanted` and `found`, which `layers` made."""
    names = [c.name for c in compared_columns(contract) if c.name not in contract.key]
    return Comparison(
        wanted,
        found,
        _by_tenant(connection, contract, names, wanted, found),
        _differences(connection, names, wanted, found),
    )


def _by_tenant(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    names: list[str],
    wanted: str,
    found: str,
) -> tuple[TenantCounts, ...]:
    money = [n for n in names if contract.column(n).silver_type.startswith("decimal")]
    sums = "".join(f', sum(w."{n}"), sum(f."{n}")' for n in money)
    rows = connection.execute(f"""
        select coalesce(w.tenant_id, f.tenant_id) as tenant_id, count(w.id), count(f.id),
            count(*) filter (f.id is null), count(*) filter (w.id is null),
            count(*) filter (w.id is not null and f.id is not null and {_differs(names)})
            {sums}
        from {_joined(wanted, found)}
        group by 1 order by 1
    """).fetchall()
    return tuple(
        TenantCounts(
            tenant,
            *counts,
            sums={n: (values[2 * i], values[2 * i + 1]) for i, n in enumerate(money)},
        )
        for tenant, *rest in rows
        for counts, values in [(rest[:5], rest[5:])]
    )


def _differences(
    connection: duckdb.DuckDBPyConnection, names: list[str], wanted: str, found: str
) -> tuple[Difference, ...]:
    flags = "".join(f', w."{n}" is distinct from f."{n}"' for n in names)
    rows = connection.execute(f"""
        select coalesce(w.tenant_id, f.tenant_id), coalesce(w.id, f.id),
            case when f.id is null then 'missing' when w.id is null then 'unexpected'
                 else 'differs' end{flags}
        from {_joined(wanted, found)}
        where f.id is null or w.id is null or {_differs(names)}
        order by 1, 2 limit {MAX_DIFFERENCES}
    """).fetchall()
    return tuple(
        Difference(
            tenant,
            row_id,
            problem,
            tuple(n for n, differs in zip(names, flags, strict=True) if differs)
            if problem == "differs"
            else (),
        )
        for tenant, row_id, problem, *flags in rows
    )


def _joined(wanted: str, found: str) -> str:
    return f"{wanted} w full join {found} f on w.tenant_id = f.tenant_id and w.id = f.id"


def _differs(names: list[str]) -> str:
    return " or ".join(f'w."{n}" is distinct from f."{n}"' for n in names) or "false"
