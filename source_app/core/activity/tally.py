"""Counts the rows that were really changed, and committed, by watching the statements."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

# As Django writes them; its deletes of many rows begin alike.
STATEMENT = re.compile(r'(INSERT|UPDATE|DELETE)(?: INTO| FROM)? "(core_\w+)"')


class Tally:
    """Committed row changes by (table, insert/update/delete), and committed transactions."""

    def __init__(self) -> None:
        self.changes: Counter[tuple[str, str]] = Counter()
        self.transactions = 0
        self._open: Counter[tuple[str, str]] = Counter()

    @property
    def total(self) -> int:
        """All committed row changes."""
        return self.changes.total()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Count what this thread's connection changes."""
        with connection.execute_wrapper(self._count):
            yield

    def forget(self) -> None:
        """The open transaction was rolled back: nothing of it counts."""
        self._open.clear()

    def _count(
        self, execute: Callable, sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        result = execute(sql, params, many, context)
        statement = STATEMENT.match(sql)
        if statement and context["cursor"].rowcount > 0:
            is_first = not self._open
            operation, table = statement.groups()
            self._open[table, operation.lower()] += context["cursor"].rowcount
            if is_first:
                transaction.on_commit(self._settle)
        return result

    def _settle(self) -> None:
        self.changes += self._open
        self.transactions += 1
        self._open.clear()
