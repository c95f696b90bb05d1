-- One row per tenant and day, from the day on which the tenant's first customer was created.
-- For each day every ordering customer's history up to that day is condensed again.
with day as (
    select
        t.id as tenant_id,
        first_customer.dt + n as dt,
        (first_customer.dt + n)::timestamp at time zone 'UTC' as starts_at,
        (first_customer.dt + n + 1)::timestamp at time zone 'UTC' as ends_before,
        (first_customer.dt + n - 29)::timestamp at time zone 'UTC' as window_30d_starts_at,
        (first_customer.dt + n - %(churn_days)s::int + 1)::timestamp at time zone 'UTC'
            as churn_window_starts_at
    from core_tenant as t
    cross join lateral (
        select (min(c.created_at) at time zone 'UTC')::date as dt
        from core_customer as c
        where c.tenant_id = t.id
    ) as first_customer
    cross join lateral generate_series(0, %(as_of_date)s::date - first_customer.dt) as n
)

select
    day.tenant_id::text as tenant_id,
    day.dt,
    registered.total_customers,
    registered.new_customers,
    registered.new_customers_30d,
    ordering.active_customers_30d,
    ordering.repeat_customers,
    ordering.repeat_customers::float8 / nullif(ordering.customers, 0) as repeat_rate,
    ordering.customers as ordering_customers,
    ordering.churned_customers,
    ordering.churned_customers::float8 / nullif(ordering.customers, 0) as churn_rate,
    round(ordering.lifetime_revenue / nullif(ordering.customers, 0), 2)::numeric(18, 2) as avg_ltv
from day
cross join lateral (
    select
        count(*) as total_customers,
        count(*) filter (where c.created_at >= day.starts_at) as new_customers,
        count(*) filter (where c.created_at >= day.window_30d_starts_at) as new_customers_30d
    from core_customer as c
    where c.tenant_id = day.tenant_id and c.created_at < day.ends_before
) as registered
cross join lateral (
    select
        count(*) as customers,
        count(*) filter (where history.orders >= 2) as repeat_customers,
        count(*) filter (where history.last_order_at >= day.window_30d_starts_at)
            as active_customers_30d,
        count(*) filter (where history.last_order_at < day.churn_window_starts_at)
            as churned_customers,
        sum(history.revenue) as lifetime_revenue
    from (
        select
            count(*) as orders,
            max(o.order_date) as last_order_at,
            sum(o.subtotal + o.tax + o.shipping) as revenue
        from core_order as o
        where
            o.tenant_id = day.tenant_id
            and o.status = 'completed'
            and o.order_date < day.ends_before
        group by o.customer_id
    ) as history
) as ordering
order by tenant_id, dt
