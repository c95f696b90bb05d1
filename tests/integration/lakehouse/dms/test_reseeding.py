"""Emptying the source by its own command reaches Bronze."""

import pytest

from lakehouse.homes.embedded.source_app import manage

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def test_seeding_anew_is_replicated_as_deletes_and_inserts(shop, task):
    """It used TRUNCATE once, which DMS does not carry: Silver would have kept every old row."""
    manage(shop, "seed_all", "--scale", "small", "--seed", "1", quiet=True)
    loaded = task.full_load().rows_by_table

    manage(shop, "seed_all", "--scale", "small", "--seed", "2", "--clean", quiet=True)
    report = task.catch_up()

    assert report.warnings == ()
    assert {t: ops["D"] for t, ops in report.operations.items()} == loaded
    assert {t: ops["I"] for t, ops in report.operations.items()} == loaded
