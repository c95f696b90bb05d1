"""Every query of docs/METRICS_EXAMPLES.md runs, and agrees with the oracle where they overlap."""

import math
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import psycopg2
import pytest
from psycopg2.extras import RealDictCursor

from lakehouse.homes.embedded.source_app import manage
from lakehouse.state import REPOSITORY
from tests.oracle.oracle import MARTS, expected

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

DOCUMENT = (REPOSITORY / "docs" / "METRICS_EXAMPLES.md").read_text()
PREAMBLE = re.search(r"^## First.*?```sql\n(.*?)```", DOCUMENT, re.DOTALL | re.MULTILINE)[1]
QUERIES = dict(re.findall(r"^### (\w+)\n.*?```sql\n(.*?)```", DOCUMENT, re.DOTALL | re.MULTILINE))
# The example keeps the tenant's spelling of a category: what all of a month's add up to agrees.
SUMMED = {"category_performance": (("tenant_id", "month"), ("units_sold", "revenue", "cost"))}


@pytest.fixture(scope="module")
def seeded(postgres, migrated_template):
    dsn = postgres.create_database("examples", template=migrated_template)
    manage(dsn, "seed_all", "--scale", "small", "--seed", "3", quiet=True)
    yield dsn
    postgres.drop_database("examples")


def as_of():
    return datetime.now(UTC).date() - timedelta(days=1)


def answer(dsn: str, query: str) -> list[dict]:
    day = f"'{as_of()}'"
    with (
        closing(psycopg2.connect(dsn, cursor_factory=RealDictCursor)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("set timezone = 'UTC'")
        cursor.execute(PREAMBLE.replace(":'as_of'", day))
        cursor.execute(query.replace(":'as_of'", day))
        return [dict(row) for row in cursor.fetchall()]


def plain(value):
    """Comparable: numbers as float, everything else as text."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return float(value)
    return None if value is None else str(value)


def summed(rows: list[dict], key: tuple, columns: tuple) -> list[dict]:
    totals: dict[tuple, dict] = {}
    for row in rows:
        place = tuple(plain(row[name]) for name in key)
        total = totals.setdefault(place, dict(zip(key, place, strict=True)))
        for name in columns:
            total[name] = total.get(name, 0) + row[name]
    return list(totals.values())


def test_there_is_an_example_of_every_mart_that_the_oracle_knows():
    assert set(QUERIES) == set(MARTS)


@pytest.mark.parametrize("mart", QUERIES)
def test_an_example_gives_the_oracles_numbers(seeded, mart):
    rows, truth = answer(seeded, QUERIES[mart]), expected(seeded, mart, as_of_date=as_of())
    assert rows
    key = MARTS[mart]
    if mart in SUMMED:
        key, columns = SUMMED[mart]
        rows, truth = summed(rows, key, columns), summed(truth, key, columns)
    known = {tuple(plain(row[name]) for name in key): row for row in truth}
    shared = (rows[0].keys() & truth[0].keys()) - set(key)
    assert len(shared) >= 3
    for row in rows:
        other = known[tuple(plain(row[name]) for name in key)]
        for name in shared:
            ours, theirs = plain(row[name]), plain(other[name])
            if isinstance(ours, float) and isinstance(theirs, float):
                assert math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9), (name, row, other)
            else:
                assert ours == theirs, (name, row, other)
