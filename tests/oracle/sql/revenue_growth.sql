-- One row per tenant and month, from the month of the tenant's first order (of any status). Each
-- period's orders are added up anew between its two borders.
with first_order as (
    select
        o.tenant_id,
        (min(o.order_date) at time zone 'UTC')::date as dt
    from core_order as o
    where o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
    group by o.tenant_id
),

revenue as (
    select
        o.tenant_id,
        o.order_date at time zone 'UTC' as placed,
        o.subtotal + o.tax + o.shipping as amount
    from core_order as o
    where
        o.status = 'completed'
        and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
),

period as (
    select
        f.tenant_id,
        f.dt as first_order_on,
        m as month,
        date_trunc('quarter', m) as quarter
    from first_order as f
    cross join lateral generate_series(
        date_trunc('month', f.dt::timestamp), %(as_of_date)s::date::timestamp, interval '1 month'
    ) as m
)

select
    p.tenant_id::text as tenant_id,
    p.month::date as month,
    coalesce(this_month.amount, 0)::numeric(18, 2) as total_revenue,
    this_month.orders as order_count,
    round(this_month.amount / nullif(this_month.orders, 0), 2)::numeric(18, 2)
        as avg_order_value,
    (coalesce(this_month.amount, 0) - month_before.amount)::float8 / nullif(month_before.amount, 0)::float8
        as revenue_mom_growth,
    coalesce(this_quarter.amount, 0)::numeric(18, 2) as quarter_revenue,
    (coalesce(this_quarter.amount, 0) - quarter_before.amount)::float8 / nullif(quarter_before.amount, 0)::float8
        as revenue_qoq_growth,
    (coalesce(this_month.amount, 0) - year_before.amount)::float8 / nullif(year_before.amount, 0)::float8
        as revenue_yoy_growth,
    p.first_order_on <= p.month
    and p.month + interval '1 month' <= %(as_of_date)s::date + 1 as is_complete_month,
    p.first_order_on <= p.quarter
    and p.quarter + interval '3 months' <= %(as_of_date)s::date + 1 as is_complete_quarter
from period as p
cross join lateral (
    select
        count(*) as orders,
        sum(r.amount) as amount
    from revenue as r
    where
        r.tenant_id = p.tenant_id
        and r.placed >= p.month
        and r.placed < p.month + interval '1 month'
) as this_month
cross join lateral (
    select sum(r.amount) as amount
    from revenue as r
    where
        r.tenant_id = p.tenant_id
        and r.placed >= p.month - interval '1 month'
        and r.placed < p.month
) as month_before
cross join lateral (
    select sum(r.amount) as amount
    from revenue as r
    where
        r.tenant_id = p.tenant_id
        and r.placed >= p.month - interval '12 months'
        and r.placed < p.month - interval '11 months'
) as year_before
cross join lateral (
    select sum(r.amount) as amount
    from revenue as r
    where
        r.tenant_id = p.tenant_id
        and r.placed >= p.quarter
        and r.placed < p.quarter + interval '3 months'
) as this_quarter
cross join lateral (
    select sum(r.amount) as amount
    from revenue as r
    where
        r.tenant_id = p.tenant_id
        and r.placed >= p.quarter - interval '3 months'
        and r.placed < p.quarter
) as quarter_before
order by tenant_id, month
