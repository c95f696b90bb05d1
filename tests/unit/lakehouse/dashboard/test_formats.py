from datetime import date
from decimal import Decimal

import pytest

from lakehouse.dashboard import formats


@pytest.mark.parametrize(
    ("amount", "currency", "short", "whole"),
    [
        ("1234.5", "EUR", "€1,234", "€1,234.50"),
        ("9999.99", "USD", "$10,000", "$9,999.99"),
        ("12345.67", "GBP", "£12.3K", "£12,345.67"),
        ("-12345.67", "EUR", "-€12.3K", "-€12,345.67"),
        ("4200000", "USD", "$4.2M", "$4,200,000.00"),
        ("49", "EUR", "€49.00", "€49.00"),
        ("0", "EUR", "€0", "€0.00"),
        ("1234.5", "JPY", "¥1,234", "¥1,234"),
    ],
)
def test_amounts_have_the_tenants_currency_and_k_and_m(amount, currency, short, whole):
    assert formats.short_money(Decimal(amount), currency) == short
    assert formats.money(Decimal(amount), currency) == whole


def test_growth_has_a_sign_and_a_share_none():
    assert formats.signed_percent(0.1234) == "+12.3%"
    assert formats.signed_percent(-0.095) == "−9.5%"
    assert formats.signed_percent(0.0) == "0.0%"
    assert formats.percent(0.476) == "47.6%"


@pytest.mark.parametrize("kind", ["money", "percent", "number", "count", "date", "month", "text"])
def test_nothing_is_a_dash_whatever_it_would_be(kind):
    assert formats.writer(kind, "EUR")(None) == formats.NOTHING


def test_counts_and_days_are_written_out():
    assert formats.short_count(99_999) == "99,999"
    assert formats.short_count(123_456) == "123.5K"
    assert formats.day(date(2026, 11, 1)) == "1 Nov 2026"
    assert formats.month(date(2026, 11, 1)) == "Nov 2026"
    assert formats.writer("flag", "EUR")(True) == "yes"
    assert formats.money(Decimal("1234.5"), None) == "1,234.50"
