-- A tenant whose customers, or whose cohorts, do not add up to the tenant's revenue.
with

lifetimes as (
    select
        tenant_id,
        sum(lifetime_revenue) as revenue,
        sum(order_count) as orders,
        count(case when order_count > 0 then customer_id end) as customers
    from {{ ref('customer_lifetime') }}
    group by tenant_id
),

cohorts as (
    select
        tenant_id,
        sum(revenue) as revenue,
        sum(case when month_number = 0 then cohort_size end) as customers
    from {{ ref('customer_cohorts') }}
    group by tenant_id
),

snapshots as (
    select
        tenant_id,
        max_by(ordering_customers, dt) as customers
    from {{ ref('customer_metrics') }}
    group by tenant_id
)

select
    summary.tenant_id,
    summary.total_revenue,
    lifetimes.revenue as revenue_by_customer,
    cohorts.revenue as revenue_by_cohort
from {{ ref('tenant_summary') }} as summary
left join lifetimes on summary.tenant_id = lifetimes.tenant_id
left join cohorts on summary.tenant_id = cohorts.tenant_id
left join snapshots on summary.tenant_id = snapshots.tenant_id
where
    summary.total_revenue <> coalesce(lifetimes.revenue, 0)
    or summary.total_revenue <> coalesce(cohorts.revenue, 0)
    or summary.completed_order_count <> coalesce(lifetimes.orders, 0)
    or coalesce(snapshots.customers, 0) <> coalesce(lifetimes.customers, 0)
    or coalesce(snapshots.customers, 0) <> coalesce(cohorts.customers, 0)
