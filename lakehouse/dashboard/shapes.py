"""The three charts with a form of their own: funnel, waterfall, heat map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd

from lakehouse.dashboard import formats, theme

# Room behind the longest bar of the funnel and of the waterfall, for its text.
ROOM_FOR_TEXT, ROOM_FOR_AMOUNT = 1.3, 1.2
# From this strength on a cell is dark enough for white figures, on light pages and dark ones.
DARK_ENOUGH = 0.55


@dataclass(frozen=True)
class Step:
    """A bar of a waterfall; sign is 0 for a level, +1 or -1 for a movement from the bar before."""

    label: str
    amount: Decimal
    sign: int


def waterfall(steps: Sequence[Step], currency: str) -> alt.LayerChart:
    """From one level to the next by what moved it.

    Where a bar begins follows from the bars before it; every amount that is written is Gold's.
    """
    records, level = [], Decimal(0)
    for step in steps:
        start = Decimal(0) if step.sign == 0 else level
        level = step.amount if step.sign == 0 else level + step.sign * step.amount
        records.append(
            {
                "label": step.label,
                "from": float(start),
                "to": float(level),
                "top": float(max(start, level)),
                "kind": ("level", "up", "down")[step.sign],
                "short": _signed(step, currency),
                "written": formats.money(step.amount, currency),
            }
        )
    colors = alt.Scale(domain=["level", "up", "down"], range=[theme.MAIN, theme.GOOD, theme.BAD])
    scale = alt.Scale(domain=[0, max(r["top"] for r in records) * ROOM_FOR_AMOUNT or 1])
    names = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8)
    base = alt.Chart(alt.Data(values=records)).encode(
        y=alt.Y("label:N", sort=[step.label for step in steps], axis=names),
        tooltip=[_tip("label", "Movement"), _tip("written", "Amount")],
    )
    bars = base.mark_bar(cornerRadius=3, height={"band": 0.66}).encode(
        x=alt.X("from:Q", axis=None, scale=scale),
        x2="to:Q",
        color=alt.Color("kind:N", scale=colors, legend=None),
    )
    text = base.mark_text(align="left", dx=8, fontSize=12.5, color=theme.QUIET).encode(
        x=alt.X("top:Q", scale=scale), text="short:N"
    )
    return alt.layer(bars, text).properties(height=theme.HEIGHT)


def _signed(step: Step, currency: str) -> str:
    short = formats.short_money(step.amount, currency)
    if step.sign == 0:
        return short
    return formats.NOTHING if not step.amount else f"{'+' if step.sign > 0 else '−'}{short}"


def funnel(
    row: Mapping[str, Any], steps: Mapping[str, str], rates: Mapping[str, str]
) -> alt.LayerChart:
    """Sessions that reach each step (labels by column), with the share of the step before."""
    whole = int(row[next(iter(steps))])
    records = [
        {
            "label": label,
            "count": int(row[column]),
            "whole": whole,
            "text": formats.short_count(row[column]) + _share(row, rates.get(column)),
        }
        for column, label in steps.items()
    ]
    axis = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelLimit=160)
    base = alt.Chart(alt.Data(values=records)).encode(
        y=alt.Y("label:N", sort=list(steps.values()), axis=axis),
        tooltip=[_tip("label", "Step"), _tip("text", "Sessions")],
    )
    scale = alt.Scale(domain=[0, whole * ROOM_FOR_TEXT])
    band = {"height": {"band": 0.66}, "cornerRadiusEnd": 3}
    track = base.mark_bar(color=theme.QUIET, opacity=0.1, **band).encode(
        x=alt.X("whole:Q", axis=None, scale=scale)
    )
    bars = base.mark_bar(color=theme.MAIN, **band).encode(
        x=alt.X("count:Q", axis=None, scale=scale)
    )
    text = base.mark_text(align="left", dx=8, fontSize=12.5, color=theme.QUIET).encode(
        x="count:Q", text="text:N"
    )
    return alt.layer(track, bars, text).properties(height=theme.HEIGHT)


def _share(row: Mapping[str, Any], rate: str | None) -> str:
    if rate is None or row[rate] is None:
        return ""
    return f"  ·  {formats.percent(row[rate])}"


def heat_map(
    frame: pd.DataFrame, column: str, kind: str, currency: str, ink: str
) -> alt.LayerChart:
    """Cohorts in rows, months since in columns; the stronger the colour, the higher the value.

    ink is what figures on pale cells are written with.
    """
    write = formats.writer(kind, currency)
    short = (lambda v: formats.short_money(v, currency)) if kind == "money" else _whole_percent
    top = max((float(v) for v, n in _values(frame, column) if n > 0 and v), default=1.0)
    records = [
        {
            "cohort": f"{formats.month(row['cohort_month'])}  ·  {row['cohort_size']:,}",
            "number": int(row["month_number"]),
            "strength": min(float(row[column] or 0) / top, 1.0),
            "short": short(row[column]),
            "written": write(row[column]),
            "active": f"{row['active_customers']:,} of {row['cohort_size']:,}",
        }
        for row in frame.to_dict("records")
    ]
    order = list(dict.fromkeys(record["cohort"] for record in records))
    numbers = alt.Axis(title="months since the first order", orient="top", labelAngle=0, grid=False)
    cohorts = alt.Axis(title=None, labelLimit=160, grid=False)
    gap = alt.Scale(paddingInner=0.05)
    base = alt.Chart(alt.Data(values=records)).encode(
        x=alt.X("number:O", axis=numbers, scale=gap),
        y=alt.Y("cohort:N", sort=order, axis=cohorts, scale=gap),
        tooltip=[
            _tip("cohort", "Cohort · customers"),
            _tip("number", "Months since"),
            _tip("active", "Active"),
            _tip("written", "Value"),
        ],
    )
    cells = base.mark_rect(color=theme.MAIN, cornerRadius=3, stroke="transparent").encode(
        opacity=alt.Opacity(
            "strength:Q", scale=alt.Scale(domain=[0, 1], range=[0.07, 1]), legend=None
        )
    )
    text = base.encode(text="short:N")
    strong = text.transform_filter(f"datum.strength > {DARK_ENOUGH}").mark_text(
        color="#FFFFFF", fontSize=12
    )
    weak = text.transform_filter(f"datum.strength <= {DARK_ENOUGH}").mark_text(
        color=ink, fontSize=12
    )
    return alt.layer(cells, strong, weak).properties(height=max(180, 34 * len(order) + 60))


def _values(frame: pd.DataFrame, column: str) -> list[tuple[Any, int]]:
    return list(zip(frame[column], frame["month_number"], strict=True))


def _whole_percent(value: float | None) -> str:
    return formats.NOTHING if value is None else f"{value:.0%}"


def _tip(field: str, title: str) -> alt.Tooltip:
    return alt.Tooltip(f"{field}:N", title=title)
