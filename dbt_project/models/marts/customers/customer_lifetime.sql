with

counted as (
    select * from {{ ref('int_customers__counted') }}
),

ordered as (
    select * from {{ ref('int_customers__ordered') }}
),

scored as (
    select * from {{ ref('int_customers__scored') }}
),

-- Who ordered counts, whatever became of the customer's row.
customers as (
    select
        tenant_id,
        customer_id
    from counted
    union distinct
    select
        tenant_id,
        customer_id
    from ordered
),

measured as (
    select
        *,
        date_diff('day', last_ordered_on, {{ as_of_date() }}) as days_since_last_order,
        greatest(
            date_diff('day', first_ordered_on, {{ as_of_date() }}) + 1, {{ var('churn_days') }}
        ) as observed_days,
        greatest(
            {{ var('churn_days') }} - date_diff('day', last_ordered_on, {{ as_of_date() }}), 0
        ) as days_until_churn
    from ordered
),

joined as (
    select
        customers.tenant_id,
        customers.customer_id,
        measured.first_order_at,
        measured.last_order_at,
        coalesce(measured.order_count, 0) as order_count,
        {{ money('coalesce(measured.lifetime_revenue, 0)') }} as lifetime_revenue,
        {{ money('coalesce(measured.lifetime_gross_profit, 0)') }} as lifetime_gross_profit,
        {{ money_average('measured.lifetime_revenue', 'measured.order_count') }}
            as avg_order_value,
        measured.days_since_last_order,
        case
            when measured.order_count is null then 'prospect'
            when measured.days_since_last_order >= {{ var('churn_days') }} then 'churned'
            when measured.days_since_last_order >= {{ var('at_risk_days') }} then 'at_risk'
            when measured.first_ordered_on > {{ days_before(as_of_date(), 30) }} then 'new'
            else 'active'
        end as lifecycle_stage,
        scored.recency_score,
        scored.frequency_score,
        scored.monetary_score,
        case
            when scored.recency_score is null then null
            when
                scored.recency_score >= 4
                and scored.frequency_score >= 4
                and scored.monetary_score >= 4 then 'champions'
            when scored.recency_score >= 3 and scored.frequency_score >= 3 then 'loyal'
            when scored.recency_score >= 4 then 'promising'
            when scored.recency_score = 3 then 'needs_attention'
            when scored.frequency_score >= 3 then 'slipping'
            else 'hibernating'
        end as rfm_segment,
        -- Multiplied before it is divided, so that it is rounded once.
        {{ money_average(
            'measured.lifetime_revenue * cast(365 * measured.days_until_churn as integer)',
            'measured.observed_days * ' ~ var('churn_days')
        ) }} as predicted_ltv_12m
    from customers
    left join measured
        on
            customers.tenant_id = measured.tenant_id
            and customers.customer_id = measured.customer_id
    left join scored
        on
            customers.tenant_id = scored.tenant_id
            and customers.customer_id = scored.customer_id
)

select * from joined
