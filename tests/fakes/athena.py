"""A database with PyAthena's interface that answers from a DuckDB file.

It takes what Athena takes: SQL in Athena's dialect, `?` and SQL literals for them. sqlglot
translates it by Athena's meaning, so equal answers say that DuckDB and Athena read it alike.
"""

from collections.abc import Sequence
from typing import Any

import duckdb
import sqlglot
from sqlglot.errors import ErrorLevel


class DuckAthena:
    """Connection and cursor in one; remembers with what it was connected and what was asked."""

    def __init__(self, path: str, **options: Any) -> None:
        self.options = options
        self.asked: list[tuple[str, Sequence[str] | None]] = []
        self._database = duckdb.connect(path, read_only=True)

    def cursor(self) -> "DuckAthena":
        return self

    def execute(self, sql: str, parameters: Sequence[str] | None, paramstyle: str) -> None:
        assert paramstyle == "qmark"
        self.asked.append((sql, parameters))
        tree = sqlglot.parse_one(sql, read="athena", error_level=ErrorLevel.RAISE)
        literals = iter(parameters or ())
        for place in tree.find_all(sqlglot.exp.Placeholder, bfs=False):
            place.replace(sqlglot.parse_one(next(literals), read="athena"))
        assert next(literals, None) is None
        self._database.execute(tree.sql("duckdb"))

    @property
    def description(self) -> Any:
        return self._database.description

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._database.fetchall()
