-- One movement per customer and month, by comparing month-ends. The earlier maximum tells a
-- customer who comes back from one who never paid before.
with

customer_months as (
    select * from {{ ref('int_subscriptions__customer_months') }}
),

compared as (
    select
        tenant_id,
        customer_id,
        month,
        mrr,
        coalesce(
            lag(mrr) over (partition by tenant_id, customer_id order by month), 0
        ) as previous_mrr,
        coalesce(
            max(mrr) over (
                partition by tenant_id, customer_id
                order by month
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as highest_mrr_before
    from customer_months
),

classified as (
    select
        tenant_id,
        customer_id,
        month,
        {{ money('previous_mrr') }} as previous_mrr,
        mrr,
        case
            when mrr = previous_mrr then 'none'
            when previous_mrr = 0 and highest_mrr_before = 0 then 'new'
            when previous_mrr = 0 then 'reactivation'
            when mrr = 0 then 'churn'
            when mrr > previous_mrr then 'expansion'
            else 'contraction'
        end as movement,
        {{ money('abs(mrr - previous_mrr)') }} as moved_mrr
    from compared
)

select * from classified
