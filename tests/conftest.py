"""Fixtures that every test folder may use."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts import Contract, load_contracts
from lakehouse.homes.embedded.postgres import EmbeddedPostgres
from lakehouse.homes.embedded.source_app import manage
from lakehouse.state import State, current_state

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


@pytest.fixture(scope="session")
def contracts() -> dict[str, Contract]:
    """The project's own contracts."""
    return load_contracts()


def new_state(root: Path) -> State:
    """A state folder of its own that shares the fetched Hudi bundle."""
    root.mkdir(parents=True, exist_ok=True)
    current_state().jars.mkdir(parents=True, exist_ok=True)
    (root / "jars").symlink_to(current_state().jars)
    return State(root)


@pytest.fixture
def state(tmp_path: Path) -> State:
    """An empty state folder."""
    return new_state(tmp_path / "state")


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory):
    """The Spark session of this test process."""
    from lakehouse.homes.embedded.spark import local_session

    session = local_session(new_state(tmp_path_factory.mktemp("spark") / "state"))
    yield session
    session.stop()
