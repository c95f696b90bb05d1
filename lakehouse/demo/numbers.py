"""Three numbers of every tenant, from Gold and straight from the source."""

from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal

import psycopg2

from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.warehouse import open_warehouse

NAMES = ("revenue", "MRR", "outstanding invoices")

GOLD = """
    select tenant_name, total_revenue, mrr, outstanding_amount
    from lakehouse_gold.tenant_summary
"""
# Written against the source's own tables, in the words of METRICS, not of the models.
SOURCE = """
    select t.name,
        (select coalesce(sum(o.subtotal + o.tax + o.shipping), 0)
         from core_order o where o.tenant_id = t.id and o.status = 'completed'),
        (select coalesce(sum(s.monthly_amount), 0)
         from core_subscription s
         where s.tenant_id = t.id and s.status <> 'trial'
           and s.start_date <= %(as_of)s and (s.end_date is null or s.end_date > %(as_of)s)),
        (select coalesce(sum(i.amount), 0)
         from core_invoice i where i.tenant_id = t.id and i.status in ('sent', 'overdue'))
    from core_tenant t
"""


@dataclass(frozen=True)
class TenantNumbers:
    """Amounts in the tenant's own currency, in the order of NAMES."""

    tenant: str
    values: tuple[Decimal, ...]


def gold_numbers(home: EmbeddedHome) -> dict[str, TenantNumbers]:
    """The numbers as Gold has them, by tenant."""
    with open_warehouse(home.state, home.contracts.values()) as connection:
        return _by_tenant(connection.execute(GOLD).fetchall())


def source_numbers(home: EmbeddedHome, as_of: str) -> dict[str, TenantNumbers]:
    """The numbers computed from PostgreSQL; as_of (a UTC day) is what counts as today."""
    with closing(psycopg2.connect(home.dsn())) as connection, connection.cursor() as cursor:
        cursor.execute(SOURCE, {"as_of": as_of})
        return _by_tenant(cursor.fetchall())


def _by_tenant(rows: list[tuple]) -> dict[str, TenantNumbers]:
    return {name: TenantNumbers(name, tuple(map(Decimal, values))) for name, *values in rows}
