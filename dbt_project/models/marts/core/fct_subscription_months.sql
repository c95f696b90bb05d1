with

subscription_months as (
    select * from {{ ref('int_subscriptions__months') }}
),

final as (
    select
        ---------- ids
        tenant_id,
        subscription_id,
        month,
        measured_on,
        customer_id,

        ---------- texts
        plan_name,
        billing_cycle,
        subscription_status,

        ---------- booleans
        is_paying,

        ---------- numerics
        mrr
    from subscription_months
)

select * from final
