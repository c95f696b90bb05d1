"""Looks for personal data where no contract lets it be: in Silver's files, in Gold, in reports.

Patterns find e-mail addresses and whole network addresses in any text; telephone numbers are looked
for by the values that Bronze holds, because their form says little.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from contracts import Contract, DerivedTable, derived_tables
from lakehouse.governance.policy import personal
from lakehouse.state import State

EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}"
# An IPv4 address whose last part is not 0, and an IPv6 address beyond its first 48 bits.
ADDRESS = r"^(?:\d{1,3}\.){3}(?:[1-9]\d{0,2})$|^(?:[0-9a-fA-F]{1,4}:){3,}:?[0-9a-fA-F:]*[1-9a-fA-F]"
PATTERNS = {"e-mail address": EMAIL, "network address": ADDRESS}
PAGES = (".html", ".json", ".log", ".txt")


@dataclass(frozen=True)
class Found:
    """Rows (or files) of a place that hold what they must not."""

    place: str
    column: str
    what: str
    rows: int


def personal_data_found(state: State, contracts: Mapping[str, Contract]) -> list[Found]:
    """What stands where it must not; empty when all is well.

    Every Parquet file of Silver is looked through, older versions included, but not the
    quarantine, whose open entries hold source values on purpose.
    """
    with duckdb.connect() as connection:
        numbers = _telephone_numbers(connection, state, contracts)
        found = list(_in_silver(connection, state, contracts, numbers))
        found += _in_gold(connection, state, numbers)
    return found + list(_in_pages(state))


def in_bronze(state: State, contracts: Mapping[str, Contract]) -> list[Found]:
    """The same search in Bronze, which holds everything: what shows that it finds."""
    with duckdb.connect() as connection:
        numbers = _telephone_numbers(connection, state, contracts)
        return [
            found
            for contract in contracts.values()
            for found in _in_files(
                connection, _bronze(state, contract), contract.source_table, (), numbers
            )
        ]


def _telephone_numbers(
    connection: duckdb.DuckDBPyConnection, state: State, contracts: Mapping[str, Contract]
) -> str:
    """Fills a table with the telephone numbers of Bronze; returns its name."""
    connection.execute("create table numbers (value varchar)")
    for contract in contracts.values():
        folder = _bronze(state, contract)
        names = [c.name for c in contract.columns if c.is_personal and c.name == "phone"]
        for name in names if list(_files(folder)) else ():
            values = f'select distinct "{name}" from {_scan(folder)} where length("{name}") > 6'
            connection.execute(f"insert into numbers {values}")
    return "numbers"


def _in_silver(
    connection: duckdb.DuckDBPyConnection,
    state: State,
    contracts: Mapping[str, Contract],
    numbers: str,
) -> Iterator[Found]:
    tables: list[Contract | DerivedTable] = [*contracts.values()]
    tables += derived_tables(contracts.values())
    for table in tables:
        folder = state.silver / table.name
        # Where the address of a visitor was, its network is.
        allowed = {name for name in personal(table) if "address" not in name}
        yield from _in_files(connection, folder, table.name, allowed, numbers)
        yield from _in_tombstones(connection, folder, table)


def _in_tombstones(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: Contract | DerivedTable
) -> Iterator[Found]:
    if not list(_files(folder)):
        return
    for name in sorted(personal(table)):
        sql = f'select count(*) from {_scan(folder)} where is_deleted and "{name}" is not null'
        ((rows,),) = connection.execute(sql).fetchall()
        if rows:
            yield Found(table.name, name, "personal value in a tombstone", rows)


def _in_gold(connection: duckdb.DuckDBPyConnection, state: State, numbers: str) -> Iterator[Found]:
    if not state.duckdb.exists():
        return
    connection.execute(f"attach '{state.duckdb}' as gold (read_only)")
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'gold'"
    ).fetchall()
    for schema, name in tables:
        yield from _in_relation(connection, f'gold."{schema}"."{name}"', name, (), numbers)


def _in_files(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    place: str,
    allowed: Iterable[str],
    numbers: str,
) -> Iterator[Found]:
    if list(_files(folder)):
        yield from _in_relation(connection, _scan(folder), place, allowed, numbers)


def _in_relation(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    place: str,
    allowed: Iterable[str],
    numbers: str,
) -> Iterator[Found]:
    described = connection.execute(f"describe select * from {relation}").fetchall()
    for column in (n for n, kind, *_ in described if kind == "VARCHAR" and n not in allowed):
        tests = {
            what: f"regexp_matches(\"{column}\", '{pattern}')" for what, pattern in PATTERNS.items()
        }
        tests["telephone number"] = f'"{column}" in (select value from {numbers})'
        counts = ", ".join(f"count(*) filter ({test})" for test in tests.values())
        (row,) = connection.execute(f"select {counts} from {relation}").fetchall()
        for what, rows in zip(tests, row, strict=True):
            if rows:
                yield Found(place, column, what, rows)


def _in_pages(state: State) -> Iterator[Found]:
    """Data-quality pages, which quote values that break a rule."""
    for path in (state.reports / "data-quality").rglob("*"):
        if path.is_file() and path.suffix in PAGES:
            addresses = re.findall(EMAIL, path.read_text("utf-8", errors="replace"))
            if addresses:
                yield Found(path.name, "", "e-mail address", len(addresses))


def _bronze(state: State, contract: Contract) -> Path:
    return state.bronze / contract.bronze_folder


def _files(folder: Path) -> Iterator[Path]:
    return folder.rglob("[!.]*.parquet")


def _scan(folder: Path) -> str:
    return f"read_parquet('{folder}/**/*.parquet', union_by_name = true, hive_partitioning = false)"
