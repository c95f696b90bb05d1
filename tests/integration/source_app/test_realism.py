"""Every rule of docs/DATA_GENERATION.md, measured on scale medium."""

from datetime import date
from io import StringIO

import pytest
from core.seeding import SCALES, SeedPlan, seed_database
from core.seeding.realism import measure
from django.core.management import call_command
from django.db import connection

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

MEDIUM_ROWS = {
    "core_tenant": 8,
    "core_customer": 6_400,
    "core_product": 800,
    "core_order": 51_200,
    "core_orderitem": 153_600,
    "core_event": 320_000,
    "core_subscription": 1_920,
    "core_invoice": 10_000,
}


def test_scale_medium_looks_like_a_business(orm, capsys):
    plan = SeedPlan(SCALES["medium"], 42, date(2026, 1, 1), date(2026, 6, 30))
    assert seed_database(plan).rows == MEDIUM_ROWS
    out = StringIO()
    call_command("check_realism", "--end-date", "2026-06-30", stdout=out)
    with capsys.disabled():
        print("\n" + out.getvalue())
    with connection.cursor() as cursor:
        found = list(measure(cursor, plan.history))
    assert [m for m in found if not m.holds] == []
    assert f"{len(found)} of {len(found)} rules hold" in out.getvalue()


def test_rules_are_broken_by_data_that_breaks_them(seeded):
    """A probe that could not fail would measure nothing."""
    broken = {
        "update core_order set order_date = %(day)s, created_at = %(day)s": "time: growth",
        "update core_order set status = 'pending'": "orders: completed",
        "update core_order set total = 900": "orders: average value, all",
        "update core_product set stock_quantity = 0": "products: out of stock",
        "update core_event set event_type = 'purchase'": "sessions: a step without",
        "update core_event set customer_id = null": "sessions: wholly anonymous",
        "update core_subscription set status = 'trial'": "subscriptions: active",
        "update core_invoice set paid_date = null, status = 'sent'": "invoices: never paid",
        "update core_tenant set settings = '{}'": "tenants: enterprise",
    }
    for change, rule in broken.items():
        with connection.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute(change, {"day": seeded.history.opens_at})
            found = {m.wanted.name: m for m in measure(cursor, seeded.history)}
            cursor.execute("rollback")
        assert [m for name, m in found.items() if name.startswith(rule) and not m.holds], rule


def test_an_empty_database_is_measured_without_an_error(orm):
    out = StringIO()
    call_command("check_realism", stdout=out)
    assert "no rows" in out.getvalue()
