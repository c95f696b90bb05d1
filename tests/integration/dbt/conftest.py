"""Builds Gold once from the Silver made by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.integration.dbt.by_hand import TODAY, fill_silver
from tests.integration.dbt.dbt_process import run_dbt

Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a finished `dbt build`, with lakehouse.duckdb and target/."""
    folder = tmp_path_factory.mktemp("dbt")
    with duckdb.connect(folder / "lakehouse.duckdb") as connection:
        connection.execute("set timezone = 'UTC'")
        fill_silver(connection)
    run_dbt(folder, "build", "--vars", f"{{as_of_date: '{TODAY}'}}")
    return folder


@pytest.fixture
def gold(built: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Gold, opened for reading with its schema as the default one."""
    with duckdb.connect(built / "lakehouse.duckdb", read_only=True) as connection:
        connection.execute("use lakehouse.lakehouse_gold")
        yield connection
