"""Deletes rows, children before parents.

By DELETE and never by TRUNCATE: DMS does not carry a truncate, so the lake would keep every row.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from ..errors import NoSuchTenantError
from .rows import TABLES


@dataclass(frozen=True)
class Selection:
    """Which rows: all, those of one tenant (by slug), or history from before a day (UTC).

    History: events, orders with their items, invoices, and ended subscriptions that no invoice
    names any more. Tenants, customers and products stay, whatever their age: later rows need them.
    """

    tenant: str | None = None
    before: date | None = None


_OF_TENANT = "tenant_id = (select id from core_tenant where slug = %(tenant)s)"
_OLD = {
    "core_invoice": "issue_date < %(before)s",
    "core_subscription": """end_date < %(before)s and status in ('cancelled', 'expired')
        and not exists (select from core_invoice i where i.subscription_id = core_subscription.id
            and i.issue_date >= %(before)s)""",
    "core_event": "created_at < %(before)s::timestamp at time zone 'UTC'",
    "core_orderitem": """order_id in (
        select id from core_order where order_date < %(before)s::timestamp at time zone 'UTC')""",
    "core_order": "order_date < %(before)s::timestamp at time zone 'UTC'",
}


def count_selected(selection: Selection) -> dict[str, int]:
    """Rows per table that would be deleted. Raises NoSuchTenantError."""
    with connection.cursor() as cursor:
        _require_tenant(cursor, selection)
        counts = {}
        for table, condition in _conditions(selection).items():
            cursor.execute(f"select count(*) from {table} where {condition}", vars(selection))
            (counts[table],) = cursor.fetchone()
    return counts


def delete_selected(selection: Selection) -> dict[str, int]:
    """Delete them in one transaction; returns rows per table. Raises NoSuchTenantError."""
    with transaction.atomic(), connection.cursor() as cursor:
        _require_tenant(cursor, selection)
        return _delete(cursor, selection)


def delete_all(cursor: Any) -> dict[str, int]:
    """Delete all rows in the caller's transaction; returns rows per table."""
    return _delete(cursor, Selection())


def _delete(cursor: Any, selection: Selection) -> dict[str, int]:
    counts = {}
    for table, condition in _conditions(selection).items():
        cursor.execute(f"delete from {table} where {condition}", vars(selection))
        counts[table] = cursor.rowcount
    return counts


def _conditions(selection: Selection) -> dict[str, str]:
    """What to delete by table, children first."""
    if selection.before:
        return dict(_OLD)
    children = dict.fromkeys(reversed(TABLES), "true")
    if selection.tenant:
        children = dict.fromkeys(children, _OF_TENANT) | {"core_tenant": "slug = %(tenant)s"}
    return children


def _require_tenant(cursor: Any, selection: Selection) -> None:
    if selection.tenant is None:
        return
    cursor.execute("select slug from core_tenant order by slug")
    slugs = [slug for (slug,) in cursor.fetchall()]
    if selection.tenant not in slugs:
        raise NoSuchTenantError(
            f"no tenant has the slug {selection.tenant}; nothing was changed; there are: "
            + (", ".join(slugs) or "none")
        )
