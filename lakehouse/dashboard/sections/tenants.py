"""All tenants that the principal may see, beside each other; amounts are never added up."""

from lakehouse.dashboard.question import Question
from lakehouse.dashboard.view import Section, Tables, View, named
from lakehouse.dashboard.widgets import card, grid, nothing

SUMMARY = Question(
    "tenants",
    "All tenants",
    """
    select s.tenant_name, d.currency, s.plan, s.tier, s.customer_count, s.active_customers_30d,
        s.completed_order_count, s.total_revenue, s.avg_order_value, s.mrr, s.arr,
        s.outstanding_amount, s.last_order_at
    from lakehouse_gold.tenant_summary as s
    inner join lakehouse_gold.dim_tenant as d on s.tenant_id = d.tenant_id
    order by s.tenant_name
    """,
)
COLUMNS = {
    "tenant_name": "Tenant",
    "currency": "Currency",
    "plan": "Plan",
    "customer_count": "Customers",
    "active_customers_30d": "Active, 30 days",
    "completed_order_count": "Orders",
    "total_revenue": "Revenue",
    "avg_order_value": "Average order",
    "mrr": "MRR",
    "outstanding_amount": "Outstanding",
    "last_order_at": "Last order",
}


def read(view: View) -> Tables:
    """One row a tenant, over its whole history."""
    return named([view.table(SUMMARY)])


def show(view: View, tables: Tables) -> None:
    """The table; each row's amounts are in the currency that stands in it."""
    with card("Beside each other", "whole history · amounts in each tenant's own currency"):
        if not nothing(tables[SUMMARY.name], "No tenants."):
            grid(view, tables[SUMMARY.name], COLUMNS, whole=True, currency=False)


SECTION = Section(
    "tenants", "All tenants", ":material/domain:", (SUMMARY,), read, show, of_one_tenant=False
)
