"""What a section is given: one tenant, one reporting date, and somebody to ask."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from lakehouse.dashboard.definitions import Definitions
from lakehouse.dashboard.question import Question


@dataclass(frozen=True)
class Tenant:
    """A row of dim_tenant."""

    id: str
    name: str
    slug: str
    currency: str
    plan: str | None
    country: str | None


@dataclass(frozen=True)
class Table:
    """An answer as it is shown and exported: exact values, periods already chosen.

    note says which rows these are.
    """

    question: Question
    frame: pd.DataFrame
    note: str = ""


Tables = dict[str, Table]


@dataclass(frozen=True)
class View:
    """ask answers a question with the values of its parameters; last_day is Gold's own."""

    ask: Callable[[Question, Mapping[str, str]], pd.DataFrame]
    permits: Callable[[Question], bool]
    definitions: Definitions
    tenant: Tenant
    last_day: date
    as_of: date

    def table(
        self,
        question: Question,
        keep: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame,
        note: str = "",
        **values: str,
    ) -> Table:
        """The tenant's answer, with the rows that `keep` keeps; none when it is not permitted."""
        if not self.permits(question):
            return Table(question, pd.DataFrame(), "not granted")
        frame = self.ask(question, {"tenant": self.tenant.id, **values})
        return Table(question, keep(frame), note)


@dataclass(frozen=True)
class Section:
    """A page: `read` asks and chooses, `show` draws. The key is its address."""

    key: str
    title: str
    icon: str
    questions: tuple[Question, ...]
    read: Callable[[View], Tables]
    show: Callable[[View, Tables], None]
    of_one_tenant: bool = True


def named(tables: Iterable[Table]) -> Tables:
    """The tables by name, in their order."""
    return {table.question.name: table for table in tables}
