"""Builds Gold once from the Silver made by hand."""

import fcntl
import os
import shutil
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
    """Folder of a finished `dbt build`, with lakehouse.duckdb and target/, to be read only.

    The first of the test processes that needs it builds it for all.
    """
    folder = _of_all_processes(tmp_path_factory) / "gold-by-hand"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "built").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _build(folder)
            (folder / "built").touch()
    return folder


def _of_all_processes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def _build(folder: Path) -> None:
    with duckdb.connect(folder / "lakehouse.duckdb") as connection:
        connection.execute("set timezone = 'UTC'")
        fill_silver(connection)
    run_dbt(folder, "build", "--vars", f"{{as_of_date: '{TODAY}'}}")


@pytest.fixture
def gold(built: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Gold, opened for reading with its schema as the default one."""
    with duckdb.connect(built / "lakehouse.duckdb", read_only=True) as connection:
        connection.execute("use lakehouse.lakehouse_gold")
        yield connection
