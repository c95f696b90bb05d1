"""Puts the Django project on the path, as manage.py does; these tests use no database."""

import os
import sys
from datetime import date
from pathlib import Path

import django
import pytest

REPOSITORY = Path(__file__).resolve().parents[3]

sys.path.insert(0, str(REPOSITORY / "source_app"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from core.seeding import SCALES, SeedPlan, generate  # noqa: E402
from core.seeding.rows import TABLES  # noqa: E402


def rows_by_table(plan: SeedPlan) -> dict[str, list]:
    rows = {table: [] for table in TABLES}
    for table, batch in generate(plan):
        rows[table].extend(batch)
    return rows


@pytest.fixture(scope="session")
def small_plan() -> SeedPlan:
    return SeedPlan(SCALES["small"], 42, date(2026, 1, 1), date(2026, 6, 30))


@pytest.fixture(scope="session")
def small(small_plan: SeedPlan) -> dict[str, list]:
    """All rows of scale small, by table."""
    return rows_by_table(small_plan)
