"""How values are written: the tenant's currency, K and M, percentages, days and months.

The page is in English whatever the tenant's country; only the currency is the tenant's.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
)

Write = Callable[[Any], str]
LOCALE = "en_US"
NOTHING = "–"
# Below these a whole amount, a whole count, is short enough to be written out.
SHORT_AMOUNT, SHORT_COUNT = 10_000, 100_000


def money(value: Decimal | None, currency: str | None) -> str:
    """An amount to the cent: €1,234.50; without a currency 1,234.50."""
    if value is None or currency:
        return NOTHING if value is None else format_currency(value, currency, locale=LOCALE)
    return format_decimal(value, "#,##0.00", locale=LOCALE)


def short_money(value: Decimal | None, currency: str) -> str:
    """An amount to read at a glance: €12.3K; below 10,000 in whole units, below 100 to the cent."""
    if value is None:
        return NOTHING
    if abs(value) >= SHORT_AMOUNT:
        return format_compact_currency(value, currency, locale=LOCALE, fraction_digits=1)
    if value == 0 or abs(value) >= 100:
        return format_currency(value, currency, "¤#,##0", locale=LOCALE, currency_digits=False)
    return format_currency(value, currency, locale=LOCALE)


def short_count(value: int | None) -> str:
    """A count to read at a glance: 1,234, and from 100,000 on 123.5K."""
    if value is None:
        return NOTHING
    if abs(value) >= SHORT_COUNT:
        return format_compact_decimal(value, locale=LOCALE, fraction_digits=1)
    return format_decimal(value, locale=LOCALE)


def percent(value: float | None) -> str:
    """A fraction as 12.3%."""
    return NOTHING if value is None else format_percent(value, "#,##0.0%", locale=LOCALE)


def signed_percent(value: float | None) -> str:
    """A growth as +12.3% or −4.0%."""
    if value is None:
        return NOTHING
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + percent(abs(value))


def number(value: float | None) -> str:
    """A number with one decimal place."""
    return NOTHING if value is None else format_decimal(value, "#,##0.0", locale=LOCALE)


def day(value: date | None) -> str:
    """21 Nov 2026."""
    return NOTHING if value is None else f"{value.day} {value:%b %Y}"


def month(value: date | None) -> str:
    """Nov 2026."""
    return NOTHING if value is None else f"{value:%b %Y}"


def moment(value: datetime | None) -> str:
    """21 Nov 2026, 14:05 UTC."""
    return NOTHING if value is None else f"{day(value)}, {value:%H:%M} UTC"


def plain(value: Any) -> str:
    """A value of no described column: a number, a day, yes or no, or a text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        return format_decimal(value, "#,##0.##", locale=LOCALE)
    if isinstance(value, date):
        return day(value)
    return NOTHING if value is None else str(value)


def writer(kind: str, currency: str | None) -> Write:
    """What writes values of that kind (`definitions.Column`) in a table."""
    writers: dict[str, Write] = {
        "money": lambda value: money(value, currency),
        "percent": percent,
        "number": number,
        "date": day,
        "month": month,
        "moment": moment,
    }
    return writers.get(kind, plain)


def axis(currency: str | None = None) -> str:
    """A Vega expression that writes an axis with K and M, and with the currency if there is one."""
    short = "replace(format(datum.value, '~s'), 'k', 'K')"
    if currency is None:
        return short
    symbol = format_currency(0, currency, "¤", locale=LOCALE, currency_digits=False)
    amount = short.replace("datum.value", "abs(datum.value)")
    return f"(datum.value < 0 ? '−' : '') + '{symbol}' + {amount}"
