"""A whole lakehouse of the test's own: source, Bronze, Silver, Gold."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg2
import pytest

from lakehouse.checks.reconciliation import reconcile
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.source_app import manage
from lakehouse.homes.embedded.warehouse import open_warehouse
from lakehouse.stages.replicate import replicate
from lakehouse.state import REPOSITORY, State
from spark_bronze_to_silver.to_silver import run_tables
from tests.conftest import new_state
from tests.oracle.compare import differences
from tests.oracle.oracle import TABLES, expected

DBT = Path(sys.executable).with_name("dbt")


class Lakehouse:
    """One source with its layers; every step is the one that a user runs."""

    def __init__(self, home: EmbeddedHome, spark, as_of: date):
        self.home, self.spark, self.as_of = home, spark, as_of

    @property
    def state(self) -> State:
        return self.home.state

    def manage(self, *arguments: str) -> str:
        return manage(self.home.dsn(), *arguments, quiet=True)

    def replicate(self):
        return replicate(self.home)

    def build_silver(self, bronze: Path | None = None):
        return run_tables(
            self.spark,
            self.home.contracts.values(),
            bronze=str(bronze or self.state.bronze),
            silver=str(self.state.silver),
        )

    def build_gold(self) -> None:
        """The models only: the data tests have their own tests."""
        target = str(self.state.dbt_target)
        subprocess.run(
            [DBT, "--quiet", "run", "--target-path", target, "--profiles-dir", self.state.root]
            + ["--vars", f"{{as_of_date: '{self.as_of}'}}"],
            cwd=REPOSITORY,
            env={**os.environ, "LAKEHOUSE_STATE": str(self.state.root)},
            check=True,
        )

    def gold(self, mart: str) -> list[dict]:
        with open_warehouse(self.state, self.home.contracts.values()) as connection:
            answer = connection.execute(f"select * from lakehouse_gold.{mart}")
            names = [column[0] for column in answer.description]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def source(self, query: str) -> list[tuple]:
        """Rows that the source answers with."""
        with closing(psycopg2.connect(self.home.dsn())) as postgres, postgres.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def unlike_the_source(self) -> list[str]:
        """Where Bronze or Silver differs from the source, row by row."""
        results = reconcile(self.home.dsn(), self.state, self.home.contracts.values())
        return [
            f"{result.table} in {comparison.found}: {difference}"
            for result in results
            for comparison in result.comparisons
            for difference in comparison.differences
        ]

    def differences(self) -> list[str]:
        """Where Gold differs from the source, every table, row and column."""
        found = []
        for mart, key in TABLES.items():
            wanted = expected(self.home.dsn(), mart, as_of_date=self.as_of)
            assert wanted, f"the oracle has no row for {mart}, so it would prove nothing"
            found += differences(mart, wanted, self.gold(mart), key=key)
        return found


@pytest.fixture(scope="module")
def lakehouse(spark) -> Iterator[Lakehouse]:
    """Its folder lies outside pytest's, as that of the `postgres` fixture does."""
    with tempfile.TemporaryDirectory(prefix="lakehouse-") as folder:
        state = new_state(Path(folder) / "state")
        profile = (REPOSITORY / "profiles.yml.example").read_text()
        (state.root / "profiles.yml").write_text(profile)
        home = EmbeddedHome(state)
        home.start_source()
        yield Lakehouse(home, spark, datetime.now(UTC).date())
        home.postgres.stop()
