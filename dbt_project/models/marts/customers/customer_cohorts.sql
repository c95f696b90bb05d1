with

orders as (
    select * from {{ ref('int_orders__completed') }}
),

customers as (
    select
        tenant_id,
        customer_id,
        {{ month_start('min(ordered_on)') }} as cohort_month,
        {{ month_start('max(ordered_on)') }} as last_month
    from orders
    group by tenant_id, customer_id
),

cohorts as (
    select
        tenant_id,
        cohort_month,
        count(*) as cohort_size
    from customers
    group by tenant_id, cohort_month
),

triangle as (
    select
        cohorts.tenant_id,
        cohorts.cohort_month,
        cohorts.cohort_size,
        cast(calendar.calendar_month as date) as month
    from cohorts
    cross join unnest(
        {{ date_sequence('cohort_month', month_start(as_of_date()), 'month') }}
    ) as calendar (calendar_month)
),

activity as (
    select
        orders.tenant_id,
        customers.cohort_month,
        {{ month_start('orders.ordered_on') }} as month,
        count(distinct orders.customer_id) as active_customers,
        sum(orders.order_total) as revenue
    from orders
    inner join customers
        on
            orders.tenant_id = customers.tenant_id
            and orders.customer_id = customers.customer_id
    group by
        orders.tenant_id,
        customers.cohort_month,
        {{ month_start('orders.ordered_on') }}
),

departures as (
    select
        tenant_id,
        cohort_month,
        last_month as month,
        count(*) as customers
    from customers
    group by tenant_id, cohort_month, last_month
),

joined as (
    select
        triangle.*,
        coalesce(activity.active_customers, 0) as active_customers,
        coalesce(activity.revenue, 0) as revenue,
        coalesce(departures.customers, 0) as last_seen_customers
    from triangle
    left join activity
        on
            triangle.tenant_id = activity.tenant_id
            and triangle.cohort_month = activity.cohort_month
            and triangle.month = activity.month
    left join departures
        on
            triangle.tenant_id = departures.tenant_id
            and triangle.cohort_month = departures.cohort_month
            and triangle.month = departures.month
),

summed as (
    select
        *,
        -- Who was last seen in this month or later has an order on or after it.
        sum(last_seen_customers) over (
            partition by tenant_id, cohort_month order by month
            rows between current row and unbounded following
        ) as remaining_customers,
        sum(revenue) over (
            partition by tenant_id, cohort_month order by month
            rows between unbounded preceding and current row
        ) as cumulative_revenue
    from joined
),

final as (
    select
        tenant_id,
        cohort_month,
        date_diff('month', cohort_month, month) as month_number,
        cohort_size,
        active_customers,
        {{ ratio('active_customers', 'cohort_size') }} as retention_rate,
        {{ ratio('remaining_customers', 'cohort_size') }} as cumulative_retention,
        {{ money('revenue') }} as revenue,
        {{ money_average('cumulative_revenue', 'cohort_size') }}
            as cumulative_revenue_per_customer
    from summed
)

select * from final
