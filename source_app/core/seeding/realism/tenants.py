"""Tenants differ in size."""

from .probe import Probe, between, near

PROBES = (
    Probe(
        (
            near("tenants: enterprise", 2, 0),
            near("tenants: mid-market", 3, 0),
            near("tenants: neither small nor these", 0, 0),
        ),
        """
        select
            count(*) filter (where settings ->> 'tier' = 'enterprise'),
            count(*) filter (where settings ->> 'tier' = 'mid_market'),
            count(*) filter (
                where settings ->> 'tier' not in ('enterprise', 'mid_market', 'small'))
        from core_tenant""",
    ),
    Probe(
        (
            between("tenants: orders of the two enterprise ones, share", 0.5, 0.75),
            between("tenants: orders of the largest, times the smallest's", 4, 20),
        ),
        """
        with sizes as (
            select t.settings ->> 'tier' as tier, count(o.id) as orders
            from core_tenant t left join core_order o on o.tenant_id = t.id group by t.id)
        select
            sum(orders) filter (where tier = 'enterprise') / nullif(sum(orders), 0),
            max(orders)::float / nullif(min(orders), 0)
        from sizes""",
    ),
)
