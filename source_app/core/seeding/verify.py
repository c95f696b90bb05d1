"""Checks a seeded database by queries; each counts the rows that contradict a rule."""

from typing import Any

from ..errors import SeedIntegrityError
from .plan import SeedPlan
from .rows import TABLES

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

_RULES = {
    "an order without items": """
        select count(*) from core_order o
        where not exists (select from core_orderitem i where i.order_id = o.id)""",
    "an order whose subtotal is not the sum of its items": """
        select count(*) from core_order o
        where subtotal <> (select sum(i.total) from core_orderitem i where i.order_id = o.id)""",
    "an order whose total is not subtotal + tax + shipping": """
        select count(*) from core_order where total <> subtotal + tax + shipping""",
    "an item whose total is not quantity x unit_price - discount": """
        select count(*) from core_orderitem where total <> quantity * unit_price - discount""",
    "an order that is completed without a date, or the reverse": """
        select count(*) from core_order
        where (status = 'completed') <> (completed_at is not null) or completed_at < order_date""",
    "an item older than its product": """
        select count(*) from core_orderitem i join core_product p on p.id = i.product_id
        where i.created_at < p.created_at""",
    "an invoice for another customer than its subscription": """
        select count(*) from core_invoice i join core_subscription s on s.id = i.subscription_id
        where s.customer_id <> i.customer_id or i.issue_date < s.start_date""",
    "an invoice that is paid without a date, or the reverse": """
        select count(*) from core_invoice
        where (status = 'paid') <> (paid_date is not null) or paid_date < issue_date""",
    "a subscription that ended without a date, or the reverse": """
        select count(*) from core_subscription
        where (status in ('cancelled', 'expired')) <> (end_date is not null)
           or end_date < start_date""",
    "an e-mail address twice in one tenant": """
        select count(*) - count(distinct (tenant_id, lower(email))) from core_customer""",
}


def verify(cursor: Any, plan: SeedPlan) -> None:
    """Raises SeedIntegrityError naming each rule that the database's rows break."""
    problems = [*_wrong_counts(cursor, plan)]
    for rule, query in {**_reference_rules(), **_time_rules(plan), **_RULES}.items():
        cursor.execute(query)
        (count,) = cursor.fetchone()
        if count:
            problems.append(f"{rule}: {count} rows")
    if problems:
        raise SeedIntegrityError(
            "the seeded rows contradict each other and were rolled back; this is a defect of the "
            "generator, please report it with the plan " + f"{plan}:\n  " + "\n  ".join(problems)
        )


def count_rows(cursor: Any) -> dict[str, int]:
    """Rows per table."""
    counts = {}
    for table in TABLES:
        cursor.execute(f"select count(*) from {table}")
        (counts[table],) = cursor.fetchone()
    return counts


def _wrong_counts(cursor: Any, plan: SeedPlan) -> list[str]:
    volumes = plan.volumes
    wanted = (
        *(volumes.tenants, volumes.customers, volumes.products, volumes.orders),
        *(volumes.items, volumes.events, volumes.subscriptions, volumes.invoices),
    )
    found = count_rows(cursor)
    return [
        f"{table} has {found[table]} rows, planned were {count}"
        for table, count in zip(TABLES, wanted, strict=True)
        if found[table] != count
    ]


def _reference_rules() -> dict[str, str]:
    return {
        f"a row of {table} whose {column} is not a row of its tenant": f"""
            select count(*) from {table} c where {column} is not null and not exists (
                select from {parent} p where p.id = c.{column}
                {"" if parent == "core_tenant" else "and p.tenant_id = c.tenant_id"})"""
        for table, parents in _PARENTS.items()
        for column, parent in parents.items()
    }


def _time_rules(plan: SeedPlan) -> dict[str, str]:
    """Nothing before its tenant or customer, nothing outside the history."""
    rules = {}
    for table, row in TABLES.items():
        last = "updated_at" if "updated_at" in row._fields else "created_at"
        rules[f"a row of {table} outside the history"] = f"""
            select count(*) from {table} where created_at < '{plan.opens_at.isoformat()}'
            or {last} < created_at or {last} >= '{plan.closes_at.isoformat()}'"""
        for parent in ("tenant", "customer"):
            if f"{parent}_id" in row._fields:
                rules[f"a row of {table} older than its {parent}"] = f"""
                    select count(*) from {table} c join core_{parent} p on p.id = c.{parent}_id
                    where c.created_at < p.created_at"""
    return rules
