"""Reconciles the tables of a lakehouse with their source, one after another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from contracts import Contract
from lakehouse.checks.reconciliation.compare import Comparison, compare
from lakehouse.checks.reconciliation.layers import (
    create_bronze_rows,
    create_silver_rows,
    create_source_rows,
)
from lakehouse.dms import source
from lakehouse.dms.state import load_started
from lakehouse.homes.embedded.silver_relations import create_silver_views
from lakehouse.state import State

SOURCE, BRONZE, SILVER = "source", "bronze", "silver"


@dataclass(frozen=True)
class TableReconciliation:
    """One table: did replication lose anything, did the job lose anything?

    unreadable are Bronze files that nobody can read; they were left out.
    """

    table: str
    comparisons: tuple[Comparison, ...]
    unreadable: tuple[Path, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether all layers hold the same rows."""
        return all(comparison.agrees for comparison in self.comparisons)


def reconcile(
    dsn: str, state: State, contracts: Iterable[Contract]
) -> Iterator[TableReconciliation]:
    """Compare source with Bronze, and source with Silver, for each table.

    All source tables are read as of one moment. Changes that were not replicated by then show as
    differences, so replicate and build Silver first, or stop the writers. Raises
    SourceUnreachableError.
    """
    contracts, starts = list(contracts), load_started(state.dms)
    with source.connect(dsn) as postgres, duckdb.connect() as connection:
        postgres.set_session(isolation_level="REPEATABLE READ", readonly=True)
        connection.execute("set timezone = 'UTC'")
        create_silver_views(connection, state.silver, contracts)
        for contract in contracts:
            create_source_rows(connection, postgres, contract, SOURCE)
            unreadable = create_bronze_rows(
                connection, state.bronze, contract, BRONZE, starts.get(contract.name)
            )
            create_silver_rows(connection, contract, SILVER)
            yield TableReconciliation(
                contract.name,
                tuple(
                    compare(connection, contract, wanted=SOURCE, found=layer)
                    for layer in (BRONZE, SILVER)
                ),
                tuple(unreadable),
            )
