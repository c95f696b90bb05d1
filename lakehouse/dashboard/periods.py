"""Which rows of Gold belong to the reporting date.

Gold holds one state: what was known at the end of its last day. The reporting date leaves out later
days, and months that had not ended by then; it does not bring back what Gold said at that time.
"""

import calendar
from datetime import date, timedelta

import pandas as pd


def month_end(month: date) -> date:
    """The last day of the month of that day."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def days_until(frame: pd.DataFrame, as_of: date, days: int | None = None) -> pd.DataFrame:
    """Rows whose `dt` is not after as_of; of the `days` days that end with it, when given."""
    first = date.min if days is None else as_of - timedelta(days=days - 1)
    return _kept(frame, [first <= dt <= as_of for dt in frame["dt"]])


def months_until(frame: pd.DataFrame, as_of: date, last_day: date) -> pd.DataFrame:
    """Rows whose `month` had ended by as_of.

    The month in which Gold ends is in its tables as far as its last day; it is kept when that is
    the reporting date.
    """
    return _kept(frame, [is_shown(month, as_of, last_day) for month in frame["month"]])


def cohorts_until(frame: pd.DataFrame, as_of: date, last_day: date) -> pd.DataFrame:
    """Rows of customer_cohorts whose month (cohort_month + month_number) `months_until` keeps."""
    pairs = zip(frame["cohort_month"], frame["month_number"], strict=True)
    return _kept(frame, [is_shown(months_later(c, n), as_of, last_day) for c, n in pairs])


def is_shown(month: date, as_of: date, last_day: date) -> bool:
    """Whether Gold's row of that month says nothing of days after as_of."""
    return month_end(month) <= as_of or (as_of == last_day and month <= as_of)


def months_later(month: date, number: int) -> date:
    """The first day of the month that many months later."""
    index = month.year * 12 + month.month - 1 + number
    return date(index // 12, index % 12 + 1, 1)


def same_day_month_before(day: date) -> date:
    """The day of the same number in the month before, or that month's last day."""
    before = months_later(day, -1)
    return before.replace(day=min(day.day, month_end(before).day))


def row_of(frame: pd.DataFrame, column: str, value: object) -> dict | None:
    """The row with that value, as a dictionary; None when there is none."""
    found = frame[frame[column] == value] if len(frame) else frame
    return None if found.empty else found.iloc[0].to_dict()


def _kept(frame: pd.DataFrame, keep: list[bool]) -> pd.DataFrame:
    return frame[pd.Series(keep, index=frame.index, dtype=bool)].reset_index(drop=True)
