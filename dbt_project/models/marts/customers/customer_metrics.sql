with

customers as (
    select * from {{ ref('int_customers__counted') }}
),

changes as (
    select * from {{ ref('int_customers__daily_changes') }}
),

first_customers as (
    select
        tenant_id,
        min(created_on) as first_customer_on
    from customers
    group by tenant_id
),

-- The running sums start at the first change, which may be an order older than its customer.
starts as (
    select
        changes.tenant_id,
        first_customers.first_customer_on,
        min(changes.dt) as first_change_on
    from changes
    inner join first_customers on changes.tenant_id = first_customers.tenant_id
    group by changes.tenant_id, first_customers.first_customer_on
),

days as (
    select
        starts.tenant_id,
        starts.first_customer_on,
        cast(calendar.calendar_day as date) as dt
    from starts
    cross join unnest(
        {{ date_sequence('first_change_on', as_of_date()) }}
    ) as calendar (calendar_day)
),

joined as (
    select
        days.tenant_id,
        days.first_customer_on,
        days.dt,
        coalesce(changes.new_customers, 0) as new_customers,
        coalesce(changes.ordering_change, 0) as ordering_change,
        coalesce(changes.repeat_change, 0) as repeat_change,
        coalesce(changes.active_change, 0) as active_change,
        coalesce(changes.churned_change, 0) as churned_change,
        coalesce(changes.revenue, 0) as revenue
    from days
    left join changes
        on days.tenant_id = changes.tenant_id and days.dt = changes.dt
),

summed as (
    select
        tenant_id,
        first_customer_on,
        dt,
        {{ running_count('new_customers') }} as total_customers,
        cast(new_customers as bigint) as new_customers,
        cast(
            sum(new_customers) over (
                partition by tenant_id order by dt rows between 29 preceding and current row
            ) as bigint
        ) as new_customers_30d,
        {{ running_count('active_change') }} as active_customers_30d,
        {{ running_count('repeat_change') }} as repeat_customers,
        {{ running_count('ordering_change') }} as ordering_customers,
        {{ running_count('churned_change') }} as churned_customers,
        sum(revenue) over (
            partition by tenant_id order by dt rows between unbounded preceding and current row
        ) as lifetime_revenue
    from joined
),

final as (
    select
        tenant_id,
        dt,
        total_customers,
        new_customers,
        new_customers_30d,
        active_customers_30d,
        repeat_customers,
        {{ ratio('repeat_customers', 'ordering_customers') }} as repeat_rate,
        ordering_customers,
        churned_customers,
        {{ ratio('churned_customers', 'ordering_customers') }} as churn_rate,
        {{ money_average('lifetime_revenue', 'ordering_customers') }} as avg_ltv
    from summed
    where dt >= first_customer_on
)

select * from final
