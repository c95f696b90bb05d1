"""A database with core_everything, one for all examples of a test."""

import os
from collections.abc import Iterator

import pytest

from tests.properties.dms.everything import contract_of_everything, create_everything


@pytest.fixture(scope="module")
def everything_dsn(postgres) -> Iterator[str]:
    name = f"everything_{os.getpid()}"
    dsn = postgres.create_database(name)
    create_everything(dsn)
    yield dsn
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def everything(contracts):
    return contract_of_everything(contracts)
