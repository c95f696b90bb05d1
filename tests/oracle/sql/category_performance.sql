-- One row per tenant, month and category, from the month of the category's first sale. Everything
-- is added up again for each row and for each row that it is compared with.
with sale as (
    select
        i.tenant_id,
        o.order_date at time zone 'UTC' as placed,
        coalesce(p.category, 'Unknown') as category,
        i.quantity,
        i.quantity * i.unit_price - i.discount as amount,
        i.quantity * p.cost as cost
    from core_order as o
    inner join core_orderitem as i on o.id = i.order_id
    left join core_product as p on i.product_id = p.id and i.tenant_id = p.tenant_id
    where
        o.status = 'completed'
        and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
),

cell as materialized (
    select
        began.tenant_id,
        began.category,
        m as month,
        sold.items,
        sold.units,
        coalesce(sold.revenue, 0) as revenue,
        case when sold.items = 0 then 0 else sold.cost end as cost
    from (
        select
            s.tenant_id,
            s.category,
            date_trunc('month', min(s.placed)) as month
        from sale as s
        group by s.tenant_id, s.category
    ) as began
    cross join lateral generate_series(
        began.month, %(as_of_date)s::date::timestamp, interval '1 month'
    ) as m
    cross join lateral (
        select
            count(*) as items,
            coalesce(sum(s.quantity), 0) as units,
            sum(s.amount) as revenue,
            sum(s.cost) as cost
        from sale as s
        where
            s.tenant_id = began.tenant_id
            and s.category = began.category
            and s.placed >= m
            and s.placed < m + interval '1 month'
    ) as sold
)

select
    c.tenant_id::text as tenant_id,
    c.month::date as month,
    c.category,
    c.units as units_sold,
    c.revenue::numeric(18, 2) as revenue,
    c.cost::numeric(18, 2) as cost,
    (c.revenue - c.cost)::numeric(18, 2) as gross_profit,
    (c.revenue - c.cost)::float8 / nullif(c.revenue, 0)::float8 as gross_margin,
    c.revenue::float8 / nullif(everything.revenue, 0)::float8 as revenue_share,
    (c.revenue - month_before.revenue)::float8 / nullif(month_before.revenue, 0)::float8
        as revenue_mom_growth,
    everything.better + 1 as rank_in_month
from cell as c
cross join lateral (
    select
        sum(other.revenue) as revenue,
        count(*) filter (where other.revenue > c.revenue) as better
    from cell as other
    where other.tenant_id = c.tenant_id and other.month = c.month
) as everything
left join cell as month_before
    on
        c.tenant_id = month_before.tenant_id
        and c.category = month_before.category
        and c.month = month_before.month + interval '1 month'
order by tenant_id, month, category
