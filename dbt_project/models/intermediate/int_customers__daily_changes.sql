-- What each day changes in a tenant's customer counts. The running sums of these few rows are the
-- daily snapshots, so customers and days are never multiplied.
with

customers as (
    select * from {{ ref('int_customers__counted') }}
),

orders as (
    select * from {{ ref('int_orders__completed') }}
),

order_days as (
    select
        tenant_id,
        customer_id,
        ordered_on,
        sum(order_total) as revenue,
        max(case when customer_order_number = 1 then 1 else 0 end) as is_first,
        max(case when customer_order_number = 2 then 1 else 0 end) as is_second
    from orders
    group by tenant_id, customer_id, ordered_on
),

neighbours as (
    select
        *,
        lag(ordered_on) over (
            partition by tenant_id, customer_id order by ordered_on
        ) as previous_on,
        lead(ordered_on) over (
            partition by tenant_id, customer_id order by ordered_on
        ) as next_on
    from order_days
),

registered as (
    select
        tenant_id,
        created_on as dt,
        1 as new_customers,
        0 as ordering_change,
        0 as repeat_change,
        0 as active_change,
        0 as churned_change,
        {{ money(0) }} as revenue
    from customers
),

-- An order makes its customer active, and brings a churned one back.
ordered as (
    select
        tenant_id,
        ordered_on as dt,
        0 as new_customers,
        is_first as ordering_change,
        is_second as repeat_change,
        case
            when previous_on is null then 1
            when {{ days_after('previous_on', 30) }} <= ordered_on then 1
            else 0
        end as active_change,
        case
            when {{ days_after('previous_on', var('churn_days')) }} <= ordered_on then -1
            else 0
        end as churned_change,
        revenue
    from neighbours
),

-- Without another order, the window (dt - 30, dt] leaves the order behind on the 30th day.
lapsed as (
    select
        tenant_id,
        {{ days_after('ordered_on', 30) }} as dt,
        0 as new_customers,
        0 as ordering_change,
        0 as repeat_change,
        -1 as active_change,
        0 as churned_change,
        {{ money(0) }} as revenue
    from neighbours
    where next_on is null or next_on >= {{ days_after('ordered_on', 30) }}
),

churned as (
    select
        tenant_id,
        {{ days_after('ordered_on', var('churn_days')) }} as dt,
        0 as new_customers,
        0 as ordering_change,
        0 as repeat_change,
        0 as active_change,
        1 as churned_change,
        {{ money(0) }} as revenue
    from neighbours
    where next_on is null or next_on >= {{ days_after('ordered_on', var('churn_days')) }}
),

changes as (
    select * from registered
    union all
    select * from ordered
    union all
    select * from lapsed
    union all
    select * from churned
),

by_day as (
    select
        tenant_id,
        dt,
        sum(new_customers) as new_customers,
        sum(ordering_change) as ordering_change,
        sum(repeat_change) as repeat_change,
        sum(active_change) as active_change,
        sum(churned_change) as churned_change,
        sum(revenue) as revenue
    from changes
    where dt <= {{ as_of_date() }}
    group by tenant_id, dt
)

select * from by_day
