"""Fixtures that every test folder may use."""

import itertools
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from hypothesis import settings

from contracts import Contract, load_contracts
from lakehouse.homes.embedded.postgres import EmbeddedPostgres
from lakehouse.homes.embedded.source_app import manage
from lakehouse.state import State, current_state

_numbers = itertools.count()

# PySpark gives moments in the process's own zone; days in this project are UTC days.
os.environ["TZ"] = "UTC"
time.tzset()

# What commands print is as wide and as plain as here, whatever terminal runs the tests.
os.environ |= {"COLUMNS": "220", "TERM": "dumb"}
for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
    os.environ.pop(name, None)

# How long an example takes says nothing on a shared machine.
settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")

# Django runs as on a developer's machine, unless a test says otherwise.
os.environ.setdefault("DJANGO_DEBUG", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long starts first, so that at the end no process works while others wait.

    Before all comes what mostly waits itself: the others have the processor meanwhile.
    """
    items.sort(key=lambda item: ("terraform" not in item.keywords, "slow" not in item.keywords))


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server of this test process alone.

    Its folder lies outside pytest's, which only its owner may enter: started by root, the server
    runs as another user. A test survives no power cut, so nothing is forced to disk.
    """
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        server = EmbeddedPostgres(Path(folder) / "data")
        server.start()
        _without_fsync(server)
        yield server
        server.stop()


def _without_fsync(server: EmbeddedPostgres) -> None:
    with closing(psycopg2.connect(server.dsn("postgres"))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("alter system set fsync = off")
            cursor.execute("alter system set full_page_writes = off")
            cursor.execute("select pg_reload_conf()")


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
    """A state folder of its own that shares the fetched jars of Hudi."""
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

    # The quick compiler: the other one pays in live mode, but takes a sixth more processor time
    # for what a process of `make test` does.
    session = local_session(new_state(tmp_path_factory.mktemp("spark") / "state"))
    yield session
    session.stop()
