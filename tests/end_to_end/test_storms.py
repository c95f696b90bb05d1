"""Storms: activity, faults and kills of the replication at once. Bronze, replayed, is the source,
and so is Silver.

LAKEHOUSE_STORMS says how many (default 1), LAKEHOUSE_STORM_SEED which.
"""

import os
import shutil
from contextlib import closing

import psycopg2
import pytest

from tests.end_to_end.storms import (
    KILLS,
    Storm,
    bronze_is_the_source,
    silver_becomes_the_source,
)

pytestmark = [pytest.mark.postgres, pytest.mark.spark, pytest.mark.slow]

STORMS = int(os.environ.get("LAKEHOUSE_STORMS", "1"))
SEED = int(os.environ.get("LAKEHOUSE_STORM_SEED", "1"))


@pytest.fixture(scope="module")
def seeded(postgres, migrated_template):
    """Name of a migrated database with a little data, to make others from."""
    from lakehouse.homes.embedded.source_app import manage

    dsn = postgres.create_database("storms", template=migrated_template)
    manage(dsn, "seed_all", "--scale", "small", "--seed", "7", quiet=True)
    yield "storms"
    postgres.drop_database("storms")


@pytest.mark.parametrize("seed", range(SEED, SEED + STORMS))
def test_after_a_storm_every_layer_is_the_source_row_by_row(
    postgres, seeded, tmp_path, contracts, spark, seed
):
    name = f"storm_{os.getpid()}_{seed}"
    dsn = postgres.create_database(name, template=seeded)
    try:
        storm = Storm(dsn, tmp_path, contracts, seed=seed)

        def check(storm: Storm) -> None:
            bronze_is_the_source(storm)
            if storm.wants_silver():
                silver_becomes_the_source(storm, spark)

        storm.rage(check)
        assert storm.kills == KILLS
        silver_becomes_the_source(storm, spark)
        _change_unseen(dsn)
        with pytest.raises(AssertionError, match="table='event'"):
            silver_becomes_the_source(storm, spark)
        shutil.rmtree(storm.state.bronze / "public" / "core_event")
        with pytest.raises(AssertionError, match=r"event: [1-9]\d* missing"):
            bronze_is_the_source(storm)
    finally:
        postgres.drop_database(name)


def _change_unseen(dsn: str) -> None:
    """A change that no layer has heard of."""
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            "update core_event set session_id = 'changed' "
            "where id = (select id from core_event order by id limit 1)"
        )
