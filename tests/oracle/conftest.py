"""Fixtures of the oracle's tests by hand: one database, emptied before each test."""

import os
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from contracts import load_contracts
from lakehouse.homes.embedded.postgres import EmbeddedPostgres
from tests.oracle.audit import Audit
from tests.oracle.shop_rows import ShopRows


@pytest.fixture(scope="session")
def oracle_shop(postgres: EmbeddedPostgres, migrated_template: str) -> Iterator[str]:
    """DSN of the migrated database that all oracle tests of this process use."""
    name = f"oracle_{os.getpid()}"
    yield postgres.create_database(name, template=migrated_template)
    postgres.drop_database(name)


@pytest.fixture
def shop(oracle_shop: str) -> str:
    """DSN of an empty source database; deleting a few rows is cheaper than a new database."""
    tables = [contract.source_table for contract in load_contracts().values()]
    with closing(psycopg2.connect(oracle_shop)) as connection, connection.cursor() as cursor:
        for table in reversed(tables):
            cursor.execute(f"delete from {table}")
        connection.commit()
    return oracle_shop


@pytest.fixture
def rows(shop: str) -> Iterator[ShopRows]:
    """A writer of single rows into the database `shop`; each row is committed at once."""
    with closing(psycopg2.connect(shop)) as connection:
        connection.autocommit = True
        yield ShopRows(connection)


@pytest.fixture
def audit(shop: str) -> Iterator[Audit]:
    """The audit of the database `shop`, for as long as the test runs."""
    audit = Audit(shop)
    yield audit
    audit.remove()
