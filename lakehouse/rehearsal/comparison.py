"""Compares Gold on the rehearsal's Athena with Gold on DuckDB, row by row and value by value."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from lakehouse.rehearsal.athena_client import AthenaClient

GOLD = "lakehouse_gold"
SHOWN = 3
# Athena's type -> a Python value of the type that DuckDB gives; text stays text.
PARSERS: dict[str, Callable[[str], Any]] = {
    "boolean": lambda text: text == "true",
    "tinyint": int,
    "smallint": int,
    "integer": int,
    "bigint": int,
    "double": float,
    "float": float,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
}


@dataclass(frozen=True)
class Comparison:
    """One table on both engines; examples are rows that only one has."""

    table: str
    rows: int
    only_athena: int
    only_duckdb: int
    examples: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Whether both have the same rows."""
        return self.only_athena == self.only_duckdb == 0


def gold_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the Gold tables that DuckDB has."""
    found = connection.execute(
        "select table_name from information_schema.tables where table_schema = ? order by 1",
        [GOLD],
    ).fetchall()
    return [name for (name,) in found]


def compare(athena: AthenaClient, connection: duckdb.DuckDBPyConnection, table: str) -> Comparison:
    """Compare one table; a column that only one side has makes every row different."""
    result = athena.query(f'select * from "{table}"', database=GOLD)
    names = sorted(result.types)
    theirs = Counter(_parsed(result.rows, result.types, names))
    cursor = connection.execute(f'select * from {GOLD}."{table}"')
    columns = [description[0] for description in cursor.description]
    ours = Counter(_ordered(cursor.fetchall(), columns))
    more, less = theirs - ours, ours - theirs
    examples = [f"only Athena: {row}" for row in list(more)[:SHOWN]]
    examples += [f"only DuckDB: {row}" for row in list(less)[:SHOWN]]
    return Comparison(
        table, ours.total(), more.total(), less.total(), tuple(_differences(more, less) or examples)
    )


def _parsed(
    rows: Sequence[tuple[str | None, ...]], types: Mapping[str, str], names: Sequence[str]
) -> list[tuple]:
    places = {name: number for number, name in enumerate(types)}
    parsers = {name: PARSERS.get(types[name], str) for name in names}
    return [
        tuple(
            (name, None if (text := row[places[name]]) is None else parsers[name](text))
            for name in names
        )
        for row in rows
    ]


def _ordered(rows: Sequence[tuple], columns: Sequence[str]) -> list[tuple]:
    order = sorted(range(len(columns)), key=lambda number: columns[number])
    return [tuple((columns[n], row[n]) for n in order) for row in rows]


def _differences(more: Counter, less: Counter) -> list[str]:
    """Columns that differ between the first pair of rows that look alike."""
    for row in list(more)[:SHOWN]:
        near = min(less, key=lambda other: _distance(row, other), default=None)
        if near and [n for n, _ in near] == [n for n, _ in row]:
            pairs = [(a, b) for a, b in zip(row, near, strict=True) if a != b]
            return [f"{n}: Athena {a!r}, DuckDB {b!r}" for (n, a), (_, b) in pairs]
    return []


def _distance(row: tuple, other: tuple) -> int:
    return sum(a != b for a, b in zip(row, other, strict=False))
