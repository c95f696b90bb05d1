"""Seeding a real database."""

import json
import os
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path

import psycopg2
import psycopg2.extensions
import pytest
from core.errors import NotEmptyError, SeedIntegrityError
from core.seeding import SCALES, SeedPlan, generate, seed_database
from core.seeding.rows import TABLES
from core.seeding.verify import check, count_rows, survey
from django.core.management import CommandError, call_command
from django.db import connection

pytestmark = pytest.mark.postgres

MANAGE = Path(__file__).resolve().parents[3] / "source_app" / "manage.py"
SMALL_ROWS = {
    "core_tenant": 5,
    "core_customer": 500,
    "core_product": 250,
    "core_order": 1_500,
    "core_orderitem": 4_500,
    "core_event": 10_000,
    "core_subscription": 100,
    "core_invoice": 500,
}

DAMAGES = {
    "update core_order set total = total + 1": "order_total_mismatch: 30, expected 0",
    "update core_orderitem set total = total + 1": "item_total_mismatch: 70, expected 0",
    "update core_orderitem set unit_price = unit_price + 1": "subtotal is not the sum",
    "update core_order set completed_at = null": "completed_without_date",
    "update core_invoice set created_at = '2020-01-01'": "core_invoice outside the history",
    "update core_customer set email = 'one@example.com'": "duplicate_email: 10, expected 0",
    "delete from core_event": "core_event: 0, expected 60",
}


def manage(dsn: str, *arguments: str) -> subprocess.CompletedProcess:
    parts = psycopg2.extensions.parse_dsn(dsn)
    address = {
        "SOURCE_DB_HOST": parts["host"],
        "SOURCE_DB_PORT": parts["port"],
        "SOURCE_DB_NAME": parts["dbname"],
        "SOURCE_DB_USER": parts["user"],
    }
    return subprocess.run(
        [sys.executable, str(MANAGE), *arguments],
        env={**os.environ, **address},
        capture_output=True,
        text=True,
        check=False,
    )


def checksums(dsn: str) -> dict[str, str]:
    found = {}
    with psycopg2.connect(dsn) as session, session.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"select md5(string_agg(t::text, '|' order by id)) from {table} t")
            (found[table],) = cursor.fetchone()
    session.close()
    return found


def test_the_command_seeds_scale_small_and_the_same_again(shop, orm):
    start, end = date(2026, 1, 1), date(2026, 6, 30)
    dates = ("--start-date", start.isoformat(), "--end-date", end.isoformat())
    first = manage(shop, "seed_all", "--scale", "small", *dates)
    assert first.returncode == 0, first.stderr
    for table, count in SMALL_ROWS.items():
        assert f"  {table:<18} {count:>9,} rows" in first.stdout
    assert "17,355 rows" in first.stdout
    before = checksums(shop)

    plan = SeedPlan(SCALES["small"], 42, start, end)
    report = seed_database(plan, clean=True)
    assert report.rows == SMALL_ROWS
    assert checksums(shop) == before


def test_the_command_refuses_a_database_with_rows(seeded):
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("seed_all", stdout=StringIO())


def test_what_is_in_the_database_is_what_was_generated(seeded):
    wanted = {table: [] for table in TABLES}
    for table, rows in generate(seeded):
        wanted[table] += rows
    with connection.cursor() as cursor:
        for table, row in TABLES.items():
            cursor.execute(
                f"select {', '.join(row._fields)} from {table}".replace(
                    "ip_address", "host(ip_address)"
                )
            )
            found = {values[0]: row(*values) for values in cursor.fetchall()}
            assert {key: as_json(value) for key, value in found.items()} == {
                value.id: as_json(value) for value in wanted[table]
            }


def as_json(row) -> tuple:
    """JSON columns as Python objects; a raw cursor of Django gives them as text."""
    return tuple(
        json.loads(value) if isinstance(value, str) and value.startswith("{") else value
        for value in row
    )


def test_a_database_with_rows_is_not_seeded_again(seeded):
    with pytest.raises(NotEmptyError, match="core_tenant: 2"):
        seed_database(seeded)


def test_progress_adds_up_to_the_rows(orm, tiny_plan):
    seen = []
    report = seed_database(tiny_plan, on_progress=lambda _table, count: seen.append(count))
    assert sum(seen) == sum(report.rows.values()) == sum(vars(tiny_plan.volumes).values())


@pytest.mark.parametrize("damage", DAMAGES)
def test_broken_rows_fail_loudly(seeded, damage):
    wanted = seeded.volumes.by_table()
    with connection.cursor() as cursor:
        check(survey(cursor, seeded.history), before={}, added=wanted)
        cursor.execute(damage)
        with pytest.raises(SeedIntegrityError, match=DAMAGES[damage]):
            check(survey(cursor, seeded.history), before={}, added=wanted)


def test_a_failed_seeding_leaves_the_database_as_it_was(seeded, monkeypatch):
    def broken(*_, **__):
        raise SeedIntegrityError("as if rows contradicted each other")

    monkeypatch.setattr("core.seeding.load.check", broken)
    with pytest.raises(SeedIntegrityError):
        seed_database(seeded, clean=True)
    with connection.cursor() as cursor:
        assert list(count_rows(cursor).values()) == list(vars(seeded.volumes).values())
