"""Puts the Django project on the path, and points its ORM at the database of a test."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
import psycopg2.extensions
import pytest

REPOSITORY = Path(__file__).resolve().parents[3]

sys.path.insert(0, str(REPOSITORY / "source_app"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from core.seeding import SeedPlan, Volumes, seed_database  # noqa: E402
from django.db import connection  # noqa: E402

TINY = Volumes(
    tenants=2,
    customers=12,
    products=16,
    orders=30,
    items=70,
    events=60,
    subscriptions=5,
    invoices=15,
)


@pytest.fixture
def orm(shop: str) -> Iterator[None]:
    """Django's models, on the test's own database."""
    parts = psycopg2.extensions.parse_dsn(shop)
    connection.close()
    connection.settings_dict.update(
        NAME=parts["dbname"], HOST=parts["host"], PORT=parts["port"], USER=parts["user"]
    )
    yield
    connection.close()


@pytest.fixture
def tiny_plan() -> SeedPlan:
    """Two tenants whose history ends today."""
    today = datetime.now(UTC).date()
    return SeedPlan(TINY, 1, today - timedelta(days=90), today)


@pytest.fixture
def seeded(orm: None, tiny_plan: SeedPlan) -> SeedPlan:
    """The test's database with the rows of the plan."""
    seed_database(tiny_plan, on_progress=lambda table, count: None)
    return tiny_plan
