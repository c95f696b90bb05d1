"""A SELECT on Gold, in SQL that DuckDB and Athena both read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import sqlglot

from lakehouse.homes.embedded.governed import relations_in

_PARAMETER = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Question:
    """name is that of the exported table, title what people read above it.

    Parameters stand in the SQL as $name; their values are texts and never part of it.
    """

    name: str
    title: str
    sql: str

    @cached_property
    def marts(self) -> frozenset[str]:
        """The Gold tables that it reads."""
        return frozenset(relation.name for relation in relations_in(self.positional({})[0]))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the answer's columns, in their order."""
        return tuple(sqlglot.parse_one(self.positional({})[0], read="athena").named_selects)

    def positional(self, values: Mapping[str, str]) -> tuple[str, list[str]]:
        """The SQL with `?` for each parameter, and the values in their order.

        That form is the one that both engines know. Missing values are left out.
        """
        names = _PARAMETER.findall(self.sql)
        return _PARAMETER.sub("?", self.sql), [values[n] for n in names if n in values]
