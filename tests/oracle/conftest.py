"""Fixtures of the oracle's tests by hand."""

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from tests.oracle.shop_rows import ShopRows


@pytest.fixture
def rows(shop: str) -> Iterator[ShopRows]:
    """A writer of single rows into the database `shop`; each row is committed at once."""
    with closing(psycopg2.connect(shop)) as connection:
        connection.autocommit = True
        yield ShopRows(connection)
