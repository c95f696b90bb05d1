-- MRR of each month, what moved it, and how much of it stayed.
select
    tenant_id,
    month,
    starting_mrr,
    churned_mrr,
    ending_mrr,
    arr,
    nrr,
    grr,
    new_mrr + reactivation_mrr as gained_mrr,
    expansion_mrr - contraction_mrr as net_expansion_mrr
from {{ ref('mrr_metrics') }}
order by tenant_id asc, month asc
