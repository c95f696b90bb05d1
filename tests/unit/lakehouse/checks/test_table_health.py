"""Each limit of a table's health, at its edge."""

from datetime import UTC, datetime, timedelta

import pytest

from lakehouse.checks.table_health import (
    MAX_AMPLIFICATION,
    MAX_COMMITS,
    SPARE_FILES,
    TableHealth,
)
from spark_bronze_to_silver.file_sizes import LARGEST

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def instant(age: timedelta) -> str:
    return f"{NOW - age:%Y%m%d%H%M%S}000"


def health(**given) -> TableHealth:
    commits = tuple(instant(timedelta(days=days)) for days in (9, 6, 3, 0))
    healthy = {
        "table": "order",
        "files": 1,
        "size": 1000,
        "stored": 4000,
        "commits": commits,
        "readable": commits,
        "rows_changed": 10,
        "rows_written": 40,
        "pending": (),
    }
    return TableHealth(**{**healthy, **given})


def aged(*days: float) -> tuple[str, ...]:
    return tuple(instant(timedelta(days=d)) for d in days)


def test_a_healthy_table_has_no_problem():
    assert health().problems(NOW, 7) == []
    assert health().write_amplification == 4
    assert health(commits=(), readable=(), rows_changed=0).problems(NOW, 7) == []


BIG = {"size": LARGEST + 1}


@pytest.mark.parametrize(
    ("at_limit", "beyond", "words"),
    [
        (
            {"pending": (instant(timedelta(minutes=59)),)},
            {"pending": (instant(timedelta(minutes=61)),)},
            "never completed",
        ),
        ({"files": 2 + SPARE_FILES}, {"files": 3 + SPARE_FILES}, "cluster"),
        (
            {**BIG, "rows_changed": 1, "rows_written": MAX_AMPLIFICATION},
            {**BIG, "rows_changed": 1, "rows_written": MAX_AMPLIFICATION + 1},
            "rows are written",
        ),
        (
            {"commits": ("20260320115959000",) * MAX_COMMITS, "readable": ()},
            {"commits": ("20260320115959000",) * (MAX_COMMITS + 1), "readable": ()},
            "on the timeline",
        ),
        ({"readable": aged(8.1, 6, 0)}, {"readable": aged(9, 8.1, 6, 0)}, "not cleaned"),
        (
            {"readable": aged(7, 0), "is_cleaned": True},
            {"readable": aged(6.9, 0), "is_cleaned": True},
            "promised",
        ),
        ({"gaps": ()}, {"gaps": (aged(2, 1),)}, "no state between 2026-03-18 12:00:00 and"),
    ],
)
def test_each_limit_is_named_only_beyond_it(at_limit, beyond, words):
    assert health(**at_limit).problems(NOW, 7) == []
    (problem,) = health(**beyond).problems(NOW, 7)
    assert words in problem


def test_a_small_table_may_write_all_of_itself_for_one_row():
    assert health(rows_changed=1, rows_written=1_000_000).problems(NOW, 7) == []
