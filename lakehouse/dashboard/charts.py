"""Charts of frames. Each is a pure function; its data are the frame's values and nothing else.

Values become floats for drawing only; tooltips and labels are written from the exact ones.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from lakehouse.dashboard import formats, theme

# How much longer than the longest bar an axis is, for the text behind it.
ROOM_FOR_TEXT = 1.2
Series = Mapping[str, str]  # labels by column


def by_day(
    frame: pd.DataFrame, bars: str, line: str, names: Series, currency: str
) -> alt.LayerChart:
    """Amounts of days as bars, and a smoother amount as a line over them."""
    data = _data(frame, "dt", (bars, line), "money", currency, written=formats.day)
    x = alt.X("x:T", title=None, axis=_days_axis())
    tips = _tips("Day", {column: names[column] for column in (bars, line)})
    return alt.layer(
        alt.Chart(data)
        .mark_bar(color=theme.MAIN, opacity=0.35, cornerRadiusTopLeft=2, cornerRadiusTopRight=2)
        .encode(x=x, y=_amount(bars, currency), tooltip=tips),
        alt.Chart(data)
        .mark_line(color=theme.MAIN, strokeWidth=2.5, interpolate="monotone")
        .encode(x=x, y=_amount(line, currency), tooltip=tips),
    ).properties(height=theme.HEIGHT)


def counts(frame: pd.DataFrame, column: str, names: Series, kinds: Mapping[str, str]) -> alt.Chart:
    """A count of each day as bars; the other columns of `names` stand in the tooltip."""
    data = _data(frame, "dt", (column,), "count", None, written=formats.day)
    for record, row in zip(data.values, frame.to_dict("records"), strict=True):
        for name in names:
            record[f"{name}_text"] = formats.writer(kinds.get(name, "count"), None)(row[name])
    return (
        alt.Chart(data)
        .mark_bar(color=theme.MAIN, opacity=0.6, cornerRadiusTopLeft=2, cornerRadiusTopRight=2)
        .encode(
            x=alt.X("x:T", title=None, axis=_days_axis()),
            y=_measure(column, "count", None),
            tooltip=_tips("Day", names),
        )
        .properties(height=theme.HEIGHT)
    )


def by_month(
    frame: pd.DataFrame, column: str, name: str, currency: str, partial: Sequence[date] = ()
) -> alt.LayerChart:
    """An amount for each month, written above its bar; months that are not over are paler."""
    data = _data(frame, "month", (column,), "money", currency, written=formats.month)
    for record, month in zip(data.values, frame["month"], strict=True):
        record["partial"] = month in partial
        record["short"] = formats.short_money(_value(frame, month, column), currency)
    base = alt.Chart(data).encode(x=_months(), y=_amount(column, currency))
    return alt.layer(
        base.mark_bar(color=theme.MAIN, cornerRadiusTopLeft=4, cornerRadiusTopRight=4).encode(
            opacity=alt.condition("datum.partial", alt.value(0.4), alt.value(1.0)),
            tooltip=_tips("Month", {column: name}),
        ),
        base.mark_text(dy=-8, fontSize=12, color=theme.QUIET).encode(text="short:N"),
    ).properties(height=theme.HEIGHT)


def lines(
    frame: pd.DataFrame, x: str, names: Series, kind: str, currency: str, height: int = theme.HEIGHT
) -> alt.LayerChart:
    """Columns of one kind over days or months."""
    written = formats.month if x == "month" else formats.day
    data = _data(frame, x, tuple(names), kind, currency, written=written)
    time = _months() if x == "month" else alt.X("x:T", title=None, axis=_days_axis())
    labels = list(names.values())
    palette = alt.Scale(domain=labels, range=theme.KINDS[: len(labels)])
    legend = alt.Legend(title=None, orient="top", symbolType="stroke") if len(labels) > 1 else None
    layers = []
    for column, label in names.items():
        mark = alt.Chart(data).encode(
            x=time, y=_measure(column, kind, currency), tooltip=_tips(x.title(), names)
        )
        color = alt.Color("series:N", scale=palette, legend=legend)
        mark = mark.transform_calculate(series=f"'{label}'").encode(color=color)
        layers.append(mark.mark_line(strokeWidth=2.5))
        layers.append(mark.mark_point(filled=True, size=36 if x == "month" else 4))
    return alt.layer(*layers).properties(height=height)


def stacked(
    frame: pd.DataFrame,
    names: Series,
    colors: Sequence[str],
    currency: str,
    *,
    downwards: Sequence[str] = (),
) -> alt.Chart:
    """Amounts of a month on top of each other; those of `downwards` below the zero line."""
    records = [
        {
            "x": _instant(row["month"]),
            "when": formats.month(row["month"]),
            "what": label,
            "place": place,
            "amount": -float(row[column]) if column in downwards else float(row[column]),
            "written": formats.money(row[column], currency),
        }
        for row in frame.to_dict("records")
        for place, (column, label) in enumerate(names.items())
        if row[column] is not None
    ]
    return (
        alt.Chart(alt.Data(values=records))
        .mark_bar()
        .encode(
            x=_months(),
            y=_amount("amount", currency),
            color=alt.Color(
                "what:N",
                scale=alt.Scale(domain=list(names.values()), range=list(colors)),
                legend=alt.Legend(title=None, orient="top", columns=3),
            ),
            order="place:Q",
            tooltip=[_tip("when", "Month"), _tip("what", "What"), _tip("written", "Amount")],
        )
        .properties(height=theme.HEIGHT)
    )


def ranked(
    frame: pd.DataFrame, label: str, column: str, currency: str, height: int = theme.HEIGHT
) -> alt.LayerChart:
    """A bar for each row, in the frame's order, with its amount behind it."""
    records = [
        {
            "place": place,
            "label": row[label],
            "amount": float(row[column]),
            "written": formats.money(row[column], currency),
            "short": formats.short_money(row[column], currency),
        }
        for place, row in enumerate(frame.to_dict("records"))
    ]
    room = max(record["amount"] for record in records) * ROOM_FOR_TEXT or 1
    axis = alt.Axis(labelLimit=190, ticks=False, domain=False, title=None, labelPadding=8)
    base = alt.Chart(alt.Data(values=records)).encode(
        y=alt.Y("label:N", sort=alt.SortField("place"), axis=axis),
        x=alt.X("amount:Q", axis=None, scale=alt.Scale(domain=[0, room])),
        tooltip=[_tip("label", "Name"), _tip("written", "Amount")],
    )
    bars = base.mark_bar(color=theme.MAIN, cornerRadiusEnd=3, height={"band": 0.62})
    text = base.mark_text(align="left", dx=6, color=theme.QUIET, fontSize=12)
    return alt.layer(bars, text.encode(text="short:N")).properties(height=height)


def aged(row: Mapping[str, Any], names: Series, currency: str) -> alt.LayerChart:
    """An amount for each age, from not due to long overdue."""
    records = [
        {
            "label": label,
            "amount": float(row[column] or 0),
            "written": formats.money(row[column], currency),
            "short": formats.short_money(row[column], currency),
        }
        for column, label in names.items()
    ]
    order = list(names.values())
    axis = alt.Axis(labelAngle=0, title=None, ticks=False)
    base = alt.Chart(alt.Data(values=records)).encode(
        x=alt.X("label:N", sort=order, axis=axis),
        y=_amount("amount", currency),
        tooltip=[_tip("label", "Past due"), _tip("written", "Amount")],
    )
    bars = base.mark_bar(
        cornerRadiusTopLeft=4, cornerRadiusTopRight=4, width={"band": 0.55}
    ).encode(
        color=alt.Color("label:N", scale=alt.Scale(domain=order, range=theme.AGES), legend=None)
    )
    text = base.mark_text(dy=-8, color=theme.QUIET, fontSize=12).encode(text="short:N")
    return alt.layer(bars, text).properties(height=theme.HEIGHT)


def _data(
    frame: pd.DataFrame, x: str, columns: Sequence[str], kind: str, currency: str | None, *, written
) -> alt.InlineData:
    """Records with the moment `x`, each column as a float, and as text under `<column>_text`."""
    write = formats.writer(kind, currency)
    records = []
    for row in frame.to_dict("records"):
        record = {"x": _instant(row[x]), "when": written(row[x])}
        for column in columns:
            record[column] = None if row[column] is None else float(row[column])
            record[f"{column}_text"] = write(row[column])
        records.append(record)
    return alt.Data(values=records)


def _instant(day: date) -> str:
    """Midnight where the reader is: a bare date would be midnight UTC, yesterday in America."""
    return f"{day.isoformat()}T00:00:00"


def _value(frame: pd.DataFrame, month: date, column: str) -> Any:
    return frame.loc[frame["month"] == month, column].iloc[0]


def _months() -> alt.X:
    """Months side by side; Gold has a row for every month, so none is missing between two."""
    axis = alt.Axis(title=None, grid=False, labelAngle=0, ticks=False, labelOverlap=True)
    return alt.X(
        "when:O",
        sort=alt.EncodingSortField("x", op="min"),
        axis=axis,
        scale=alt.Scale(paddingInner=0.45),
    )


def _days_axis() -> alt.Axis:
    return alt.Axis(format="%-d %b", grid=False, labelAngle=0, tickCount=8, labelOverlap=True)


def _amount(column: str, currency: str) -> alt.Y:
    return _measure(column, "money", currency)


def _measure(column: str, kind: str, currency: str | None) -> alt.Y:
    if kind == "percent":
        axis = alt.Axis(title=None, tickCount=5, format="%")
        return alt.Y(f"{column}:Q", axis=axis, scale=alt.Scale(zero=False, padding=12))
    words = formats.axis(currency if kind == "money" else None)
    axis = alt.Axis(title=None, tickCount=5, labelExpr=words)
    return alt.Y(f"{column}:Q", axis=axis)


def _tips(when: str, names: Series) -> list[alt.Tooltip]:
    return [_tip("when", when), *(_tip(f"{c}_text", label) for c, label in names.items())]


def _tip(field: str, title: str) -> alt.Tooltip:
    return alt.Tooltip(f"{field}:N", title=title)
