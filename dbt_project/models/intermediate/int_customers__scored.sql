-- The rank counts who is strictly worse, so customers with equal values get equal scores, which
-- ntile would tear apart at random.
with

customers as (
    select * from {{ ref('int_customers__ordered') }}
),

ranked as (
    select
        tenant_id,
        customer_id,
        cast(count(*) over (partition by tenant_id) as bigint) as customers,
        cast(rank() over (
            partition by tenant_id order by last_ordered_on
        ) as bigint) - 1 as less_recent,
        cast(rank() over (
            partition by tenant_id order by order_count
        ) as bigint) - 1 as less_frequent,
        cast(rank() over (
            partition by tenant_id order by lifetime_revenue
        ) as bigint) - 1 as less_valuable
    from customers
),

scored as (
    select
        tenant_id,
        customer_id,
        1 + {{ integer_quotient('5 * less_recent', 'customers') }} as recency_score,
        1 + {{ integer_quotient('5 * less_frequent', 'customers') }} as frequency_score,
        1 + {{ integer_quotient('5 * less_valuable', 'customers') }} as monetary_score
    from ranked
)

select * from scored
