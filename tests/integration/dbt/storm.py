"""Storms over a made-up Silver: random inserts, updates, deletes and returns in every table that
the large facts read."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb

from tests.integration.dbt.silver import create_silver, fill_sessions, insert, uuid

TENANTS = (uuid(1), uuid(2))
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 40
STATUSES = ("pending", "processing", "completed", "completed", "cancelled")
KINDS = ("page_view", "product_view", "search", "click", "add_to_cart", "checkout", "purchase")
# What a storm may set, by table; a value is drawn by the method of the same name.
MUTABLE = {
    "customer": ("canonical_customer_id", "created_at"),
    "product": ("category", "cost"),
    "order": ("status", "customer_id", "order_date", "tax"),
    "orderitem": ("quantity", "discount", "product_id", "order_id"),
    "event": ("created_at", "customer_id", "event_type", "session_id"),
}
ROWS = {"customer": 8, "product": 6, "order": 30, "orderitem": 60, "event": 80}


class SilverStorm:
    """Everything that happens follows from the seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._next = dict.fromkeys(MUTABLE, 0)

    def begin(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Create Silver and fill it."""
        self._connection = connection
        create_silver(connection)
        for tenant in TENANTS:
            insert(connection, "tenant", id=tenant, name="T", slug="t")
        for table, count in ROWS.items():
            for _ in range(count):
                self._insert(table)
        fill_sessions(connection)
        connection.execute("create table arriving as from lakehouse_silver.event")

    def rage(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Change about a tenth of every table.

        Silver writes sessions before events, so in half of the storms the changed events come
        with the next one only.
        """
        self._connection = connection
        self._exchange("event", "arriving")
        connection.execute("create or replace table known as from lakehouse_silver.event")
        for table, count in ROWS.items():
            for _ in range(count // 10 + 1):
                self._random.choice((self._insert, self._update, self._update, self._flip))(table)
        fill_sessions(connection)
        connection.execute("create or replace table arriving as from lakehouse_silver.event")
        if self._random.random() < 0.5:
            self._exchange("event", "known")

    def _exchange(self, table: str, stored: str) -> None:
        """Put the stored rows in the place of the table's."""
        self._connection.execute(f"delete from lakehouse_silver.{table}")
        self._connection.execute(f"insert into lakehouse_silver.{table} from {stored}")

    def _insert(self, table: str) -> None:
        self._next[table] += 1
        row = {name: getattr(self, name)() for name in MUTABLE[table]}
        if table == "orderitem":
            row["unit_price"] = Decimal(self._random.randrange(1, 9999)) / 100
        if table == "customer":
            row["canonical_customer_id"] = uuid(self._next[table])
        row |= {"id": uuid(self._next[table]), "tenant_id": self._random.choice(TENANTS)}
        insert(self._connection, table, **row)

    def _update(self, table: str) -> None:
        column = self._random.choice(MUTABLE[table])
        self._set(table, column, getattr(self, column)())

    def _flip(self, table: str) -> None:
        """Delete a row, or let a deleted one come back."""
        self._connection.execute(
            f'update lakehouse_silver."{table}" set is_deleted = not is_deleted where id = ?',
            [self._known(table)],
        )

    def _set(self, table: str, column: str, value: Any) -> None:
        self._connection.execute(
            f'update lakehouse_silver."{table}" set "{column}" = ? where id = ?',
            [value, self._known(table)],
        )

    def _known(self, table: str) -> str:
        return uuid(self._random.randrange(1, self._next[table] + 1))

    def _one_of(self, table: str) -> str:
        """An id of the table, or one that it never had."""
        return uuid(self._random.randrange(1, self._next[table] + 2))

    def customer_id(self) -> str:
        return self._one_of("customer")

    canonical_customer_id = customer_id

    def product_id(self) -> str:
        return self._one_of("product")

    def order_id(self) -> str:
        return self._one_of("order")

    def session_id(self) -> str:
        return f"s{self._random.randrange(12)}"

    def event_type(self) -> str:
        return self._random.choice(KINDS)

    def status(self) -> str:
        return self._random.choice(STATUSES)

    def category(self) -> str:
        return self._random.choice(("Books", "Toys", "Home"))

    def cost(self) -> Decimal:
        return Decimal(self._random.randrange(1, 9999)) / 100

    tax = discount = cost

    def quantity(self) -> int:
        return self._random.randrange(1, 5)

    def created_at(self) -> datetime:
        """A moment around some full hour, so that sessions split and grow together."""
        return FIRST + timedelta(
            days=self._random.randrange(DAYS // 10), minutes=self._random.randrange(120)
        )

    def order_date(self) -> datetime:
        """A moment; some lie after the day that counts as today."""
        return FIRST + timedelta(
            days=self._random.randrange(DAYS), seconds=self._random.randrange(86400)
        )
