"""Where every table stands: files and rows in each layer. `reconciliation` compares the rows."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

import psycopg2

from contracts import Contract, derived_tables
from lakehouse.errors import SourceDatabaseError
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.silver_relations import SCHEMA
from lakehouse.homes.embedded.warehouse import open_warehouse


@dataclass(frozen=True)
class TableState:
    """One table in each layer; source_rows is None when the source does not answer."""

    table: str
    source_rows: int | None
    bronze_files: int
    silver_live: int
    silver_tombstones: int
    last_commit: str | None

    @property
    def agrees(self) -> bool:
        """Whether Silver holds as many live rows as the source."""
        return self.source_rows == self.silver_live


@dataclass(frozen=True)
class DerivedState:
    """One derived table of Silver, and the table whose rows it is made of."""

    table: str
    base: str
    rows: int
    last_commit: str | None


def table_states(home: EmbeddedHome) -> list[TableState]:
    """The state of every table with a contract."""
    contracts = list(home.contracts.values())
    source = _source_rows(home, contracts)
    states = []
    with open_warehouse(home.state, contracts) as connection:
        for contract in contracts:
            live, dead, commit = connection.execute(
                f"select count(*) filter (not is_deleted), count(*) filter (is_deleted), "
                f"strftime(max(silver_processed_at), '%Y-%m-%d %H:%M:%S') "
                f'from {SCHEMA}."{contract.name}"'
            ).fetchone()
            folder = home.state.bronze / contract.bronze_folder
            files = sum(1 for _ in folder.rglob("[!_.]*.parquet"))
            rows = source.get(contract.name)
            states.append(TableState(contract.name, rows, files, live, dead, commit))
    return states


def derived_states(home: EmbeddedHome) -> list[DerivedState]:
    """The state of every table that Silver derives from others."""
    contracts = list(home.contracts.values())
    states = []
    with open_warehouse(home.state, contracts) as connection:
        for table in derived_tables(contracts):
            rows, commit = connection.execute(
                f"select count(*), strftime(max(silver_processed_at), '%Y-%m-%d %H:%M:%S') "
                f'from {SCHEMA}."{table.name}"'
            ).fetchone()
            states.append(DerivedState(table.name, table.base, rows, commit))
    return states


def _source_rows(home: EmbeddedHome, contracts: Iterable[Contract]) -> dict[str, int]:
    """Rows of each source table; empty when the source does not answer."""
    try:
        connection = psycopg2.connect(home.dsn(), connect_timeout=5)
    except (SourceDatabaseError, psycopg2.OperationalError):
        return {}
    counts = {}
    with closing(connection), connection.cursor() as cursor:
        for c in contracts:
            cursor.execute(f'select count(*) from "{c.source_schema}"."{c.source_table}"')
            counts[c.name] = cursor.fetchone()[0]
    return counts
