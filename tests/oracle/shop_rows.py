"""Writes single rows into a source database, so that a test states only what it is about."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any
from uuid import UUID

import psycopg2.extensions
from psycopg2 import sql

MADE_AT = "2024-01-01 00:00:00+00"
STAMPS = {"created_at": MADE_AT, "updated_at": MADE_AT}
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "core_tenant": {"settings": "{}", **STAMPS},
    "core_customer": {
        "first_name": "A",
        "last_name": "B",
        "is_active": True,
        "metadata": "{}",
        **STAMPS,
    },
    "core_product": {
        "sku": "S",
        "name": "P",
        "description": "",
        "price": 10,
        "is_active": True,
        **STAMPS,
    },
    "core_order": {"metadata": "{}", **STAMPS},
    "core_orderitem": STAMPS,
    "core_event": {"event_data": "{}", "user_agent": ""},
    "core_subscription": STAMPS,
    "core_invoice": STAMPS,
}


class ShopRows:
    """Each method writes one row and returns its id; ids grow in the order of writing.

    Moments are text like "2024-01-31 23:59:59.999999", in UTC; days are ISO text. A row takes its
    tenant from the row it belongs to. What the application stored as totals is wrong on purpose:
    no metric may use it.
    """

    def __init__(self, connection: psycopg2.extensions.connection) -> None:
        self._connection = connection
        self._numbers = count(1)
        self._tenants: dict[str, str] = {}

    def tenant(self, name: str = "acme", *, is_active: bool = True) -> str:
        tenant = self._insert("core_tenant", name=name, slug=name, is_active=is_active)
        self._tenants[tenant] = tenant
        return tenant

    def customer(
        self, tenant: str, created: str = "2024-01-01 00:00:00", *, email: str | None = None
    ) -> str:
        """Another person, unless the e-mail address says otherwise."""
        email = email or f"{next(self._numbers)}@example.com"
        return self._insert("core_customer", owner=tenant, created_at=f"{created}+00", email=email)

    def product(
        self, tenant: str, *, cost: str = "4.00", stock: int = 10, category: str = "Books"
    ) -> str:
        return self._insert(
            "core_product", owner=tenant, cost=cost, stock_quantity=stock, category=category
        )

    def order(
        self,
        customer: str,
        at: str,
        subtotal: str = "10.00",
        *,
        status: str = "completed",
        tax: str = "0",
        shipping: str = "0",
    ) -> str:
        return self._insert(
            "core_order",
            owner=customer,
            customer_id=customer,
            order_number=f"O{next(self._numbers)}",
            status=status,
            subtotal=subtotal,
            tax=tax,
            shipping=shipping,
            total="999.99",
            order_date=f"{at}+00",
        )

    def item(
        self,
        order: str,
        product: str,
        quantity: int = 1,
        unit_price: str = "10.00",
        *,
        discount: str = "0",
    ) -> str:
        return self._insert(
            "core_orderitem",
            owner=order,
            order_id=order,
            product_id=product,
            quantity=quantity,
            unit_price=unit_price,
            discount=discount,
            total="999.99",
        )

    def event(
        self,
        tenant: str,
        event_type: str,
        at: str,
        *,
        session: str = "s",
        customer: str | None = None,
    ) -> str:
        return self._insert(
            "core_event",
            owner=tenant,
            event_type=event_type,
            created_at=f"{at}+00",
            session_id=session,
            customer_id=customer,
        )

    def subscription(
        self,
        customer: str,
        start: str,
        end: str | None = None,
        *,
        amount: str,
        status: str = "active",
        plan: str = "basic",
        cycle: str = "monthly",
    ) -> str:
        return self._insert(
            "core_subscription",
            owner=customer,
            customer_id=customer,
            plan_name=plan,
            billing_cycle=cycle,
            status=status,
            start_date=start,
            end_date=end,
            monthly_amount=amount,
        )

    def invoice(
        self,
        customer: str,
        issued: str,
        amount: str,
        status: str,
        *,
        due: str,
        paid: str | None = None,
    ) -> str:
        return self._insert(
            "core_invoice",
            owner=customer,
            customer_id=customer,
            invoice_number=f"I{next(self._numbers)}",
            amount=amount,
            status=status,
            issue_date=issued,
            due_date=due,
            paid_date=paid,
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is written inside is committed at once, at the end."""
        self._connection.autocommit = False
        with self._connection:
            yield
        self._connection.autocommit = True

    def change(self, table: str, row: str, **values: Any) -> None:
        """Set columns of one row of the table."""
        with self._connection.cursor() as cursor:
            for column, value in values.items():
                statement = sql.SQL("update {} set {} = %s where id = %s").format(
                    sql.Identifier(table), sql.Identifier(column)
                )
                cursor.execute(statement, (value, row))

    def delete(self, table: str, row: str) -> None:
        """Delete one row of the table."""
        statement = sql.SQL("delete from {} where id = %s").format(sql.Identifier(table))
        with self._connection.cursor() as cursor:
            cursor.execute(statement, (row,))

    def _insert(self, table: str, *, owner: str | None = None, **values: Any) -> str:
        row = str(UUID(int=next(self._numbers)))
        record = {**DEFAULTS[table], **values, "id": row}
        if owner:
            record["tenant_id"] = self._tenants[row] = self._tenants[owner]
        statement = sql.SQL("insert into {} ({}) values ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, record)),
            sql.SQL(", ").join([sql.Placeholder()] * len(record)),
        )
        with self._connection.cursor() as cursor:
            cursor.execute(statement, list(record.values()))
        return row
