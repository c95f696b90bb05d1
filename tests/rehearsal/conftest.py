"""What the tests of the running rehearsal start from."""

import itertools
import os
from pathlib import Path

import pytest

from lakehouse.rehearsal.athena_client import AthenaClient, QueryFailedError
from lakehouse.rehearsal.stage import NAME, Stage
from lakehouse.state import current_state

DATABASE = "rehearsal_tests"
_numbers = itertools.count()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """dbt's suite takes seconds to import, so it is read only by who asks for it."""
    asked = config.option.markexpr.strip() == "rehearsal"
    return True if collection_path.name == "adapter_suite" and not asked else None


@pytest.fixture(scope="session")
def stage() -> Stage:
    """The rehearsal that is up; without one the tests are skipped."""
    stage = Stage(current_state())
    if not stage.is_up:
        pytest.skip("no rehearsal is up: `lakehouse rehearse --keep`")
    return stage


@pytest.fixture(scope="session")
def athena(stage):
    """Runs a statement as the account's root; its rows."""
    client = AthenaClient(stage.emulator, f"{NAME}-data-engineering")

    def run(sql):
        return client.query(sql, database=DATABASE).rows

    run(f"create database if not exists {DATABASE} location '{location(stage)}'")
    yield run
    run(f"drop database {DATABASE} cascade")


@pytest.fixture
def refused(athena):
    """Runs a statement that has to fail; Athena's reason."""

    def run(sql):
        with pytest.raises(QueryFailedError) as caught:
            athena(sql)
        return str(caught.value)

    return run


@pytest.fixture
def place(stage):
    """A name that no table has, and a folder of S3 that nothing lies in."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    return name, f"{location(stage)}{name}/"


def location(stage):
    return f"s3://{stage.bucket('gold')}/{DATABASE}/"
