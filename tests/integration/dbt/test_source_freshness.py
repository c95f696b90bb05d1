"""`dbt source freshness` tells Silver tables that the job has not written for too long."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.integration.dbt.dbt_process import run_dbt
from tests.integration.dbt.silver import CONTRACTS, create_silver, insert, uuid

pytestmark = pytest.mark.dbt


def test_a_table_is_fresh_late_or_stale_by_the_hours_since_it_was_written(tmp_path: Path):
    hours_ago = dict.fromkeys(CONTRACTS, 25) | {"order": 27, "event": 51}
    with duckdb.connect(tmp_path / "lakehouse.duckdb") as connection:
        create_silver(connection)
        for table, hours in hours_ago.items():
            written = datetime.now(UTC) - timedelta(hours=hours)
            insert(connection, table, id=uuid(1), silver_processed_at=written)

    found = run_dbt(tmp_path, "source", "freshness", check=False, results="sources.json")

    statuses = {r["unique_id"].split(".")[-1]: r["status"] for r in found["results"]}
    assert statuses == dict.fromkeys(CONTRACTS, "pass") | {"order": "warn", "event": "error"}
