-- A month whose MRR by plan is not the MRR by customer, or is not that of the subscriptions.
with

plans as (
    select
        tenant_id,
        month,
        sum(mrr) as mrr
    from {{ ref('plan_distribution') }}
    group by tenant_id, month
),

subscriptions as (
    select
        tenant_id,
        month,
        sum(mrr) as mrr
    from {{ ref('fct_subscription_months') }}
    group by tenant_id, month
)

select
    metrics.tenant_id,
    metrics.month,
    metrics.ending_mrr,
    plans.mrr as mrr_by_plan,
    subscriptions.mrr as mrr_by_subscription
from {{ ref('mrr_metrics') }} as metrics
left join plans
    on metrics.tenant_id = plans.tenant_id and metrics.month = plans.month
left join subscriptions
    on metrics.tenant_id = subscriptions.tenant_id and metrics.month = subscriptions.month
where
    metrics.ending_mrr <> coalesce(plans.mrr, 0)
    or metrics.ending_mrr <> coalesce(subscriptions.mrr, 0)
