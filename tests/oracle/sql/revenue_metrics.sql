-- One row per tenant and day, from the day of the tenant's first order (of any status).
with day as (
    select
        t.id as tenant_id,
        first_order.dt + n as dt,
        (first_order.dt + n)::timestamp at time zone 'UTC' as starts_at,
        (first_order.dt + n + 1)::timestamp at time zone 'UTC' as ends_before
    from core_tenant as t
    cross join lateral (
        select (min(o.order_date) at time zone 'UTC')::date as dt
        from core_order as o
        where o.tenant_id = t.id
    ) as first_order
    cross join lateral generate_series(0, %(as_of_date)s::date - first_order.dt) as n
)

select
    day.tenant_id::text as tenant_id,
    day.dt,
    completed.order_count,
    completed.unique_customers,
    completed.total_revenue::numeric(18, 2) as total_revenue,
    round(completed.total_revenue / nullif(completed.order_count, 0), 2)::numeric(18, 2)
        as avg_order_value,
    completed.net_revenue::numeric(18, 2) as net_revenue,
    completed.tax::numeric(18, 2) as tax,
    completed.shipping::numeric(18, 2) as shipping,
    (
        select coalesce(sum(i.discount), 0)
        from core_order as o
        inner join core_orderitem as i on o.id = i.order_id
        where
            o.tenant_id = day.tenant_id
            and o.status = 'completed'
            and o.order_date >= day.starts_at
            and o.order_date < day.ends_before
    )::numeric(18, 2) as discounts,
    cancelled.order_count as cancelled_order_count,
    cancelled.order_value::numeric(18, 2) as cancelled_value,
    completed.first_orders as new_customer_orders,
    completed.order_count - completed.first_orders as repeat_customer_orders,
    (
        select coalesce(sum(o.subtotal + o.tax + o.shipping), 0)
        from core_order as o
        where
            o.tenant_id = day.tenant_id
            and o.status = 'completed'
            and o.order_date >= date_trunc('month', day.dt::timestamp) at time zone 'UTC'
            and o.order_date < day.ends_before
    )::numeric(18, 2) as revenue_mtd,
    (
        select round(coalesce(sum(o.subtotal + o.tax + o.shipping), 0) / 7, 2)
        from core_order as o
        where
            o.tenant_id = day.tenant_id
            and o.status = 'completed'
            and o.order_date >= (day.dt - 6)::timestamp at time zone 'UTC'
            and o.order_date < day.ends_before
    )::numeric(18, 2) as revenue_7d_avg
from day
cross join lateral (
    select
        count(*) as order_count,
        count(distinct o.customer_id) as unique_customers,
        coalesce(sum(o.subtotal + o.tax + o.shipping), 0) as total_revenue,
        coalesce(sum(o.subtotal), 0) as net_revenue,
        coalesce(sum(o.tax), 0) as tax,
        coalesce(sum(o.shipping), 0) as shipping,
        count(*) filter (
            where not exists (
                select 1
                from core_order as earlier
                where
                    earlier.customer_id = o.customer_id
                    and earlier.tenant_id = o.tenant_id
                    and earlier.status = 'completed'
                    and (earlier.order_date, earlier.id) < (o.order_date, o.id)
            )
        ) as first_orders
    from core_order as o
    where
        o.tenant_id = day.tenant_id
        and o.status = 'completed'
        and o.order_date >= day.starts_at
        and o.order_date < day.ends_before
) as completed
cross join lateral (
    select
        count(*) as order_count,
        coalesce(sum(o.subtotal + o.tax + o.shipping), 0) as order_value
    from core_order as o
    where
        o.tenant_id = day.tenant_id
        and o.status = 'cancelled'
        and o.order_date >= day.starts_at
        and o.order_date < day.ends_before
) as cancelled
order by tenant_id, dt
