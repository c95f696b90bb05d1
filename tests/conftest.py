"""Fixtures that every test folder may use."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakehouse.homes.embedded.postgres import EmbeddedPostgres
from lakehouse.homes.embedded.source_app import manage

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server of this test process alone."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres") / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated_template(postgres: EmbeddedPostgres) -> str:
    """Name of a database with Django's migrations applied, to make others from."""
    dsn = postgres.create_database("migrated")
    manage(dsn, "migrate", "--verbosity", "0", quiet=True)
    return "migrated"


@pytest.fixture
def shop(postgres: EmbeddedPostgres, migrated_template: str) -> Iterator[str]:
    """DSN of a migrated, empty source database, dropped afterwards."""
    name = f"shop_{os.getpid()}_{next(_numbers)}"
    yield postgres.create_database(name, template=migrated_template)
    postgres.drop_database(name)


@pytest.fixture
def bronze(tmp_path: Path) -> Path:
    """An empty Bronze folder."""
    folder = tmp_path / "bronze"
    folder.mkdir()
    return folder
