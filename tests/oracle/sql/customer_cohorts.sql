-- One row per cohort and month from the cohort's own to that of as_of_date; a cohort is the
-- customers whose first completed order was in that month. Each cell asks every customer anew.
with purchase as materialized (
    select
        o.tenant_id,
        o.customer_id,
        date_trunc('month', o.order_date at time zone 'UTC') as month,
        o.subtotal + o.tax + o.shipping as amount
    from core_order as o
    where
        o.status = 'completed'
        and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
),

member as materialized (
    select
        p.tenant_id,
        p.customer_id,
        min(p.month) as cohort
    from purchase as p
    group by p.tenant_id, p.customer_id
),

cell as (
    select
        began.tenant_id,
        began.cohort,
        began.size,
        m as month
    from (
        select
            member.tenant_id,
            member.cohort,
            count(*) as size
        from member
        group by member.tenant_id, member.cohort
    ) as began
    cross join lateral generate_series(
        began.cohort, %(as_of_date)s::date::timestamp, interval '1 month'
    ) as m
)

select
    cell.tenant_id::text as tenant_id,
    cell.cohort::date as cohort_month,
    (
        (extract(year from cell.month) - extract(year from cell.cohort)) * 12
        + extract(month from cell.month) - extract(month from cell.cohort)
    )::bigint as month_number,
    cell.size as cohort_size,
    bought.in_month as active_customers,
    bought.in_month::float8 / cell.size as retention_rate,
    bought.in_month_or_later::float8 / cell.size as cumulative_retention,
    bought.revenue::numeric(18, 2) as revenue,
    round(bought.revenue_to_date / cell.size, 2)::numeric(18, 2)
        as cumulative_revenue_per_customer
from cell
cross join lateral (
    select
        count(distinct p.customer_id) filter (where p.month = cell.month) as in_month,
        count(distinct p.customer_id) filter (where p.month >= cell.month) as in_month_or_later,
        coalesce(sum(p.amount) filter (where p.month = cell.month), 0) as revenue,
        sum(p.amount) filter (where p.month <= cell.month) as revenue_to_date
    from purchase as p
    inner join member
        on p.customer_id = member.customer_id and p.tenant_id = member.tenant_id
    where member.tenant_id = cell.tenant_id and member.cohort = cell.cohort
) as bought
order by tenant_id, cohort_month, month_number
