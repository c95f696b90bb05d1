"""A Silver small enough to work out Gold by hand, full of awkward cases; today is 2026-03-31."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb

from tests.integration.dbt.silver import create_silver, fill_sessions, insert, insert_derived, uuid

TODAY = "2026-03-31"
BUSY, EMPTY, DELETED = uuid(1), uuid(2), uuid(3)
ANN, BOB, CAT = uuid(11), uuid(12), uuid(13)
CUP, PEN, GONE = uuid(21), uuid(22), uuid(23)
EAST = timezone(timedelta(hours=2))


def moment(text: str, zone: timezone = UTC) -> datetime:
    """An instant from its wall-clock time."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def fill_silver(connection: duckdb.DuckDBPyConnection) -> None:
    """Create Silver and insert every case."""
    create_silver(connection)
    insert(connection, "tenant", id=BUSY, name="Busy", slug="busy")
    insert(connection, "tenant", id=EMPTY, name="Empty", slug="empty")
    insert(connection, "tenant", id=DELETED, name="Deleted", is_deleted=True)
    fill_customers(connection)
    fill_products(connection)
    fill_orders(connection)
    fill_subscriptions(connection)
    fill_invoices(connection)
    fill_events(connection)
    fill_sessions(connection)


def fill_customers(connection: duckdb.DuckDBPyConnection) -> None:
    """Two customers from the first of January, one on the last day, one deleted."""
    for number, created in ((ANN, "2026-01-01 00:00"), (BOB, "2026-01-01 23:59:59.999999")):
        insert(connection, "customer", id=number, tenant_id=BUSY, created_at=moment(created))
    insert(connection, "customer", id=CAT, tenant_id=BUSY, created_at=moment("2026-03-31 12:00"))
    insert(connection, "customer", id=uuid(14), tenant_id=BUSY, is_deleted=True)


def fill_products(connection: duckdb.DuckDBPyConnection) -> None:
    """One that sells, one that does not, one that was deleted after it was sold."""
    common = {"tenant_id": BUSY, "category": "desk"}
    insert(connection, "product", id=CUP, cost=Decimal("2.50"), stock_quantity=4, **common)
    insert(connection, "product", id=PEN, cost=Decimal("1.00"), stock_quantity=0, **common)
    insert(connection, "product", id=GONE, cost=Decimal("9.00"), is_deleted=True, **common)


def fill_orders(connection: duckdb.DuckDBPyConnection) -> None:
    """Orders at the borders of days and windows.

    1 and 2: Ann's, one instant apart, on two UTC days; 2's wall clock abroad says the day after.
    3: Bob's only one, 90 days before today. 4: deleted. 5: cancelled. 6: tomorrow.
    """
    order(connection, 1, ANN, "2026-03-01 23:59:59.999999", subtotal=10, tax=1, total=999)
    order(connection, 2, ANN, "2026-03-02 02:00", zone=EAST, subtotal="0.01")
    order(connection, 3, BOB, "2025-12-31 12:00", subtotal=5, shipping=2)
    order(connection, 4, ANN, "2026-03-02 10:00", subtotal=100, is_deleted=True)
    order(connection, 5, BOB, "2026-03-02 10:00", subtotal=7, status="cancelled")
    order(connection, 6, BOB, "2026-04-01 00:00", subtotal=1000)
    item(connection, 1, order_number=1, product=CUP, quantity=3, price=4, discount="2.00")
    item(connection, 2, order_number=2, product=GONE, quantity=1, price="0.01")
    item(connection, 3, order_number=4, product=CUP, quantity=9, price=9)
    item(connection, 4, order_number=3, product=CUP, quantity=1, price=5)
    item(connection, 5, order_number=1, product=PEN, quantity=7, price=1, is_deleted=True)


def order(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    customer: str,
    placed: str,
    *,
    zone: timezone = UTC,
    status: str = "completed",
    **values: Any,
) -> None:
    """Insert an order of the busy tenant."""
    values |= {"id": uuid(100 + number), "tenant_id": BUSY, "customer_id": customer}
    insert(connection, "order", status=status, order_date=moment(placed, zone), **values)


def item(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    *,
    order_number: int,
    product: str,
    price: Any,
    **values: Any,
) -> None:
    """Insert an item of one of those orders."""
    values |= {"id": uuid(200 + number), "tenant_id": BUSY, "order_id": uuid(100 + order_number)}
    insert(connection, "orderitem", product_id=product, unit_price=price, **values)


def fill_subscriptions(connection: duckdb.DuckDBPyConnection) -> None:
    """Ann leaves at the end of January and returns in March; Bob adds a second; Cat tries."""
    periods = [
        (ANN, "2026-01-15", "2026-02-28", 30, "cancelled"),
        (ANN, "2026-03-31", None, 40, "active"),
        (BOB, "2026-02-01", None, 20, "active"),
        (BOB, "2026-03-01", "2026-04-01", 5, "cancelled"),
        (CAT, "2026-03-01", None, 99, "trial"),
    ]
    for number, (customer, start, end, amount, status) in enumerate(periods):
        row = {
            "id": uuid(300 + number),
            "tenant_id": BUSY,
            "customer_id": customer,
            "plan_name": "basic",
            "billing_cycle": "monthly",
            "status": status,
            "start_date": date.fromisoformat(start),
            "end_date": date.fromisoformat(end) if end else None,
            "monthly_amount": amount,
        }
        insert(connection, "subscription", **row)
        insert_version(connection, row, "2026-03-15 00:00")
    change_terms(connection)


def change_terms(connection: duckdb.DuckDBPyConnection) -> None:
    """Bob's first subscription paid 12 in February, 20 from the first instant of March on."""
    row = {"id": uuid(302), "tenant_id": BUSY, "monthly_amount": 12, "status": "active"}
    row |= {"plan_name": "basic", "billing_cycle": "monthly"}
    connection.execute(
        "update lakehouse_silver.subscription_history set valid_from = ? where id = ?",
        [moment("2026-03-01 00:00"), row["id"]],
    )
    insert_version(connection, row, "2026-02-10 00:00", until="2026-03-01 00:00")


def insert_version(
    connection: duckdb.DuckDBPyConnection, row: dict[str, Any], since: str, until: str | None = None
) -> None:
    """Insert a version of a subscription into its history; without an end it is the current one."""
    insert_derived(
        connection,
        "subscription_history",
        **row,
        is_deleted=False,
        is_current=until is None,
        source_order=since,
        valid_from=moment(since),
        valid_to=moment(until) if until else None,
    )


def fill_invoices(connection: duckdb.DuckDBPyConnection) -> None:
    """Issued in February without a subscription: paid on time, late, 31 days overdue, cancelled."""
    invoices = [
        ("paid", 10, "2026-02-20", "2026-02-20"),
        ("paid", 20, "2026-02-20", "2026-02-21"),
        ("overdue", 40, "2026-02-28", None),
        ("cancelled", 80, "2026-02-28", None),
    ]
    for number, (status, amount, due, paid) in enumerate(invoices):
        insert(
            connection,
            "invoice",
            id=uuid(400 + number),
            tenant_id=BUSY,
            customer_id=ANN,
            status=status,
            amount=amount,
            issue_date=date(2026, 2, 10),
            due_date=date.fromisoformat(due),
            paid_date=date.fromisoformat(paid) if paid else None,
        )


def fill_events(connection: duckdb.DuckDBPyConnection) -> None:
    """A view and a purchase around a full hour with a deleted event; a visit over midnight.

    The visit's third event is 30 minutes after its first, the fourth a microsecond too late.
    """
    events = [
        ("s", "page_view", "2026-03-02 09:59:59.999999", None, False),
        ("s", "purchase", "2026-03-02 10:00", None, False),
        ("s", "purchase", "2026-03-02 10:00", None, True),
        ("visit", "page_view", "2026-03-30 23:50", None, False),
        ("visit", "search", "2026-03-30 23:50", ANN, False),
        ("visit", "page_view", "2026-03-31 00:20", None, False),
        ("visit", "page_view", "2026-03-31 00:50:00.000001", None, False),
    ]
    for number, (session, kind, at, customer, deleted) in enumerate(events):
        insert(
            connection,
            "event",
            id=uuid(500 + number),
            tenant_id=BUSY,
            session_id=session,
            event_type=kind,
            created_at=moment(at),
            customer_id=customer,
            is_deleted=deleted,
        )
