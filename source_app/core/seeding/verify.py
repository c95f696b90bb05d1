"""Checks a database by queries; each counts the rows that contradict a rule or have dirt."""

from collections.abc import Mapping
from typing import Any

from ..errors import SeedIntegrityError
from .dirt.soiling import KINDS
from .plan import History
from .rows import TABLES

Counts = dict[str, int]

# References and tenants are checked again here although the database enforces them, because a
# restored or hand-made database may lack the constraints.
_PARENTS = {
    "core_customer": {"tenant_id": "core_tenant"},
    "core_product": {"tenant_id": "core_tenant"},
    "core_order": {"tenant_id": "core_tenant", "customer_id": "core_customer"},
    "core_orderitem": {"order_id": "core_order", "product_id": "core_product"},
    "core_event": {"tenant_id": "core_tenant", "customer_id": "core_customer"},
    "core_subscription": {"tenant_id": "core_tenant", "customer_id": "core_customer"},
    "core_invoice": {"customer_id": "core_customer", "subscription_id": "core_subscription"},
}

# What no dirt may break either; what dirt breaks is counted with its kind.
_RULES = {
    "an order without items": """
        select count(*) from core_order o
        where not exists (select from core_orderitem i where i.order_id = o.id)""",
    "an order whose subtotal is not the sum of its items": """
        select count(*) from core_order o join (
            select order_id, sum(quantity * unit_price - discount) as items
            from core_orderitem group by order_id) i on i.order_id = o.id
        where o.subtotal <> i.items""",
    "an order that is not completed but has the date": """
        select count(*) from core_order where status <> 'completed' and completed_at is not null""",
    "an item older than its product": """
        select count(*) from core_orderitem i join core_product p on p.id = i.product_id
        where i.created_at < p.created_at""",
    "an invoice for another customer than its subscription": """
        select count(*) from core_invoice i join core_subscription s on s.id = i.subscription_id
        where s.customer_id <> i.customer_id or i.issue_date < s.start_date""",
    "an invoice that was paid before it was issued": """
        select count(*) from core_invoice where paid_date < issue_date""",
    "a subscription that ended without a date, or a trial with one": """
        select count(*) from core_subscription
        where (status in ('cancelled', 'expired')) <> (end_date is not null)
          and status <> 'active'""",
}


def survey(cursor: Any, history: History) -> Counts:
    """Rows of each table, rows that break each rule, and rows of each kind of dirt."""
    queries = {**_row_counts(), **_reference_rules(), **_time_rules(), **_RULES, **_dirt_counts()}
    return {name: _count(cursor, query, history) for name, query in queries.items()}


def check(found: Counts, *, before: Mapping[str, int], added: Mapping[str, int]) -> None:
    """Compare a survey with the one before and what was to be added: tables and kinds of dirt.

    Raises SeedIntegrityError naming each difference.
    """
    problems = [
        f"{name}: {count:,}, expected {wanted:,}"
        for name, count in found.items()
        if count != (wanted := before.get(name, 0) + added.get(name, 0))
    ]
    if problems:
        raise SeedIntegrityError(
            "the seeded rows contradict each other and were rolled back; this is a defect of the "
            "generator, please report it with the command:\n  " + "\n  ".join(problems)
        )


def count_rows(cursor: Any) -> Counts:
    """Rows per table."""
    return {table: _count(cursor, query) for table, query in _row_counts().items()}


def _count(cursor: Any, query: str, history: History | None = None) -> int:
    if history:
        cursor.execute(query, {"start": history.opens_at, "end": history.closes_at})
    else:
        cursor.execute(query)
    return cursor.fetchone()[0]


def _row_counts() -> dict[str, str]:
    return {table: f"select count(*) from {table}" for table in TABLES}


def _dirt_counts() -> dict[str, str]:
    return {kind.name: kind.count for kind in KINDS}


def _reference_rules() -> dict[str, str]:
    return {
        f"a row of {table} whose {column} is not a row of its tenant": f"""
            select count(*) from {table} c where {column} is not null and not exists (
                select from {parent} p where p.id = c.{column}
                {"" if parent == "core_tenant" else "and p.tenant_id = c.tenant_id"})"""
        for table, parents in _PARENTS.items()
        for column, parent in parents.items()
    }


def _time_rules() -> dict[str, str]:
    """Nothing before its tenant or customer, nothing outside the history, changes last.

    Customers may come from a clock set wrong; that is a kind of dirt.
    """
    rules = {}
    for table, row in TABLES.items():
        last = "updated_at" if "updated_at" in row._fields else "created_at"
        rules[f"a row of {table} outside the history"] = f"""
            select count(*) from {table} where created_at < %(start)s or {last} >= %(end)s"""
        if table != "core_customer":
            rules[f"a row of {table} changed before it was made"] = f"""
                select count(*) from {table} where {last} < created_at"""
        for parent in ("tenant", "customer"):
            if f"{parent}_id" in row._fields:
                rules[f"a row of {table} older than its {parent}"] = f"""
                    select count(*) from {table} c join core_{parent} p on p.id = c.{parent}_id
                    where c.created_at < p.created_at and p.created_at < %(end)s"""
    return rules
