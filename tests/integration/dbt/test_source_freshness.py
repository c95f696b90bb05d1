"""`dbt source freshness` tells Silver tables that the job has not written for too long."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from contracts import derived_tables
from tests.integration.dbt.dbt_process import run_dbt
from tests.integration.dbt.silver import CONTRACTS, create_silver, insert, insert_derived, uuid

pytestmark = pytest.mark.dbt


def test_a_table_is_fresh_late_or_stale_by_the_hours_since_it_was_written(tmp_path: Path):
    derived = [table.name for table in derived_tables(CONTRACTS.values())]
    hours_ago = dict.fromkeys(CONTRACTS, 25) | {"order": 27, "event": 51}
    derived_hours_ago = dict.fromkeys(derived, 25) | {"order_history": 27, "session": 51}
    with duckdb.connect(tmp_path / "lakehouse.duckdb") as connection:
        create_silver(connection)
        for table, hours in hours_ago.items():
            written = datetime.now(UTC) - timedelta(hours=hours)
            insert(connection, table, id=uuid(1), silver_processed_at=written)
        for table, hours in derived_hours_ago.items():
            written = datetime.now(UTC) - timedelta(hours=hours)
            insert_derived(connection, table, silver_processed_at=written)

    found = run_dbt(tmp_path, "source", "freshness", check=False, results="sources.json")

    statuses = {r["unique_id"].split(".")[-1]: r["status"] for r in found["results"]}
    late = {"order": "warn", "order_history": "warn"}
    stale = {"event": "error", "session": "error"}
    assert statuses == dict.fromkeys([*CONTRACTS, *derived], "pass") | late | stale
