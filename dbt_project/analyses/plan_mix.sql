-- Which plans bring the MRR in the latest month.
select
    tenant_id,
    plan_name,
    billing_cycle,
    subscriptions,
    mrr,
    mrr_share
from {{ ref('plan_distribution') }}
where month = {{ month_start(as_of_date()) }}
order by tenant_id asc, mrr desc, plan_name asc, billing_cycle asc
