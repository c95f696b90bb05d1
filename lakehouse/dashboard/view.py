"""What a section is given: one tenant, one reporting date, and somebody to ask."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd

from lakehouse.dashboard import formats, periods
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

    def days(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The days that belong to the reporting date."""
        return periods.days_until(frame, self.as_of)

    def months(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The months that belong to the reporting date."""
        return periods.months_until(frame, self.as_of, self.last_day)

    def cohorts(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The months of cohorts that belong to the reporting date."""
        return periods.cohorts_until(frame, self.as_of, self.last_day)

    def money(self, amount: Decimal | None) -> str:
        """An amount of the tenant to the cent."""
        return formats.money(amount, self.tenant.currency)

    def short_money(self, amount: Decimal | None) -> str:
        """An amount of the tenant to read at a glance."""
        return formats.short_money(amount, self.tenant.currency)


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
