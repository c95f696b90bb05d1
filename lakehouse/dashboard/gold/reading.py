"""What both homes of Gold give: answers of one state of it, as frames."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from lakehouse.dashboard.question import Question

Rows = tuple[Sequence[str], Sequence[Sequence[Any]]]


@dataclass(frozen=True)
class Reading:
    """One state of one principal's Gold; each question is run once.

    marts: the tables that the principal may read; None when only the engine knows. note: what
    people should know about the state, if anything.
    """

    run: Callable[[str, Sequence[str]], Rows]
    marts: frozenset[str] | None = None
    note: str | None = None
    _answers: dict[Any, pd.DataFrame] = field(default_factory=dict, compare=False)

    def permits(self, question: Question) -> bool:
        """Whether the principal may read all tables of the question."""
        return self.marts is None or question.marts <= self.marts

    def ask(self, question: Question, values: Mapping[str, str]) -> pd.DataFrame:
        """The answer as Python values (Decimal, date, None): nothing is rounded on the way."""
        key = (question, tuple(sorted(values.items())))
        if key not in self._answers:
            columns, rows = self.run(*question.positional(values))
            frame = pd.DataFrame([tuple(r) for r in rows], columns=list(columns), dtype=object)
            self._answers[key] = frame
        return self._answers[key].copy()
