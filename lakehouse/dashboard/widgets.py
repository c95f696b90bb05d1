"""What sections are put together of: figures, cards, tables and empty states."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from lakehouse.dashboard import formats, theme
from lakehouse.dashboard.definitions import Column
from lakehouse.dashboard.view import Table, View

# Kinds of columns whose values stand under each other by their last figure.
NUMBERS = {"money", "percent", "number", "count"}


class Change:
    """What a figure is compared with: a growth that Gold holds, or the value of a period before."""

    def __init__(
        self,
        text: str,
        direction: int,
        when: str,
        *,
        more_is_better: bool = True,
        points: bool = True,
    ) -> None:
        self.text, self.when = text, when
        self.arrow = ("off", "up", "down")[direction] if points else "off"
        good = direction if more_is_better else -direction
        self.color = ("gray", "green", "red")[good]

    @classmethod
    def growth(cls, value: float | None, when: str) -> "Change | None":
        """A growth of Gold's; None when Gold has none."""
        if value is None:
            return None
        return cls(formats.signed_percent(value), _sign(value), when)

    @classmethod
    def from_before(
        cls, now: Any, before: Any, write: formats.Write, when: str, **options: bool
    ) -> "Change | None":
        """The value before, as Gold holds it, and whether it was less or more."""
        if now is None or before is None:
            return None
        return cls(f"from {write(before)}", _sign(now - before), when, **options)


def _sign(value: Any) -> int:
    return (value > 0) - (value < 0)


def figure(
    view: View,
    mart: str,
    column: str,
    label: str,
    value: str,
    change: Change | None = None,
    trend: Sequence[Any] | None = None,
) -> None:
    """One number with its definition from dbt, what it is compared with, and its course."""
    defined = view.definitions.of(mart, column)
    course = [float(v) for v in trend if v is not None] if trend is not None else []
    st.metric(
        label,
        value,
        delta=change.text if change else None,
        delta_arrow=change.arrow if change else "auto",
        delta_color=change.color if change else "off",
        delta_description=change.when if change else None,
        help=meaning(defined),
        chart_data=course if len(course) > 1 else None,
        chart_type="area",
        border=True,
        height="stretch",
    )


def last_month_figure(
    view: View,
    mart: str,
    frame: pd.DataFrame,
    column: str,
    label: str,
    write: formats.Write,
    *,
    course: bool = True,
    more_is_better: bool = True,
) -> None:
    """The number of the frame's last month, beside that of the month before."""
    last = frame.iloc[-1].to_dict() if len(frame) else {}
    before = frame.iloc[-2].to_dict() if len(frame) > 1 else {}
    change = Change.from_before(
        last.get(column),
        before.get(column),
        write,
        f"in {before['month']:%b}" if before else "",
        more_is_better=more_is_better,
    )
    trend = list(frame[column]) if course and len(frame) else None
    figure(view, mart, column, label, write(last.get(column)), change, trend)


def meaning(column: Column) -> str:
    """A column's definition and where it stands, as a tooltip."""
    return f"{_literal(column.description)}\n\n`lakehouse_gold.{column.mart}.{column.name}`"


@contextmanager
def card(title: str, note: str = "") -> Iterator[None]:
    """A frame with a title; what is drawn inside goes into it."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{title}**" + (f" &nbsp;:gray[:small[{note}]]" if note else ""))
        yield


def chart(drawn: alt.Chart | alt.LayerChart, what: str) -> None:
    """A chart as wide as its card; `what` says for screen readers what it shows."""
    st.altair_chart(drawn, theme="streamlit", width="stretch", alt=what)


def ink() -> str:
    """The colour of text on the page as it is seen."""
    return theme.INK_ON_DARK if st.context.theme.type == "dark" else theme.INK


def nothing(table: Table, why: str) -> bool:
    """Say that there are no rows, and why; whether that was so."""
    if len(table.frame):
        return False
    if table.note == "not granted":
        why = "Your access does not include this table: " + ", ".join(sorted(table.question.marts))
    st.info(why, icon=":material/info:")
    return True


def grid(
    view: View,
    table: Table,
    names: dict[str, str],
    *,
    whole: bool = False,
    currency: bool = True,
) -> None:
    """The chosen columns as a table: written by dbt's types, headed with their definitions.

    Ten rows are shown and the rest is scrolled to, unless whole. Without currency a column says
    in which each row's amounts are.
    """
    code = view.tenant.currency if currency else None
    frame = table.frame[list(names)]
    columns = {c: view.definitions.find(table.question.marts, c) for c in names}
    writers = {
        c: formats.writer(found.kind if found else "plain", code) for c, found in columns.items()
    }
    st.dataframe(
        frame.style.format(writers, na_rep=formats.NOTHING),
        hide_index=True,
        column_config={
            c: st.column_config.Column(
                label,
                help=meaning(found) if (found := columns[c]) else None,
                alignment="right" if found and found.kind in NUMBERS else None,
            )
            for c, label in names.items()
        },
        height="content" if whole else "auto",
        width="stretch",
        placeholder=formats.NOTHING,
    )


def _literal(text: str) -> str:
    """Markdown would read stars, dollars and brackets."""
    return "".join(f"\\{c}" if c in "*_$[]`<>~:" else c for c in text)
