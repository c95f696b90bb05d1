with

subscription_months as (
    select * from {{ ref('fct_subscription_months') }}
    where is_paying
),

by_plan as (
    select
        tenant_id,
        month,
        plan_name,
        billing_cycle,
        count(*) as subscriptions,
        count(distinct customer_id) as customers,
        sum(mrr) as mrr
    from subscription_months
    group by tenant_id, month, plan_name, billing_cycle
),

compared as (
    select
        *,
        sum(mrr) over (partition by tenant_id, month) as tenant_mrr
    from by_plan
),

final as (
    select
        tenant_id,
        month,
        plan_name,
        billing_cycle,
        subscriptions,
        customers,
        {{ money('mrr') }} as mrr,
        {{ ratio('mrr', 'tenant_mrr') }} as mrr_share
    from compared
)

select * from final
