"""Customers, products and orders."""

from ..products import OUT_OF_STOCK
from ..vocabulary import CATEGORIES
from .probe import Probe, between, near

_KNOWN = ", ".join(f"'{name}'" for name in CATEGORIES)

PROBES = (
    Probe(
        (near("customers: orders of the best 30 % of each tenant, share", 0.70, 0.02),),
        """
        with counts as (
            select c.tenant_id, c.id, count(o.id) as orders
            from core_customer c left join core_order o on o.customer_id = c.id group by c.id),
        ranked as (
            select orders, row_number() over (partition by tenant_id order by orders desc) as rank,
                count(*) over (partition by tenant_id) as customers
            from counts)
        select sum(orders) filter (where rank <= round(customers * 0.3)) / nullif(sum(orders), 0)
        from ranked""",
    ),
    # The stages of a life: registered without an order, first order in the last 30 days, buying,
    # no completed order for 90 days (as Gold counts churn).
    Probe(
        (
            between("customers: prospects, share", 0.02, 0.2),
            between("customers: new, share", 0.03, 0.25),
            between("customers: active, share", 0.3, 0.75),
            between("customers: churned, share", 0.1, 0.4),
        ),
        """
        with life as (
            select c.id, min(o.order_date) filter (where o.status = 'completed') as first,
                max(o.order_date) filter (where o.status = 'completed') as last
            from core_customer c left join core_order o on o.customer_id = c.id group by c.id),
        counts as (
            select nullif(count(*), 0)::float as every,
                count(*) filter (where first is null) as prospects,
                count(*) filter (where first >= %(end)s - interval '30 days') as new,
                count(*) filter (where first < %(end)s - interval '30 days'
                    and last >= %(end)s - interval '90 days') as active,
                count(*) filter (where last < %(end)s - interval '90 days') as churned
            from life)
        select prospects / every, new / every, active / every, churned / every from counts""",
    ),
    Probe(
        (
            near("orders: completed, share", 0.80, 0.002),
            near("orders: processing, share", 0.10, 0.002),
            near("orders: pending, share", 0.05, 0.002),
            near("orders: cancelled, share", 0.05, 0.002),
        ),
        """
        select avg((status = 'completed')::int), avg((status = 'processing')::int),
            avg((status = 'pending')::int), avg((status = 'cancelled')::int)
        from core_order""",
    ),
    Probe(
        (
            between("orders: average value, all", 50, 200),
            between("orders: average value, lowest tenant", 50, 200),
            between("orders: average value, highest tenant", 50, 200),
        ),
        """
        select (select avg(total) from core_order), min(value), max(value)
        from (select avg(total) as value from core_order group by tenant_id) by_tenant""",
    ),
    Probe(
        (
            between("products: lowest price", 5, 20),
            between("products: highest price", 1000, 2000),
            near("products: out of stock, share", OUT_OF_STOCK, 0.03),
            between("products: smallest of the five categories, share", 0.1, 0.2),
        ),
        f"""
        select min(price) filter (where price > 0), max(price), avg((stock_quantity = 0)::int),
            (select min(products) from (
                select count(*)::float / (select count(*) from core_product) as products
                from core_product where category in ({_KNOWN}) group by category
                union all select 0 where (
                    select count(distinct category) from core_product where category in ({_KNOWN})
                ) < {len(CATEGORIES)}) by_category)
        from core_product""",
    ),
)
