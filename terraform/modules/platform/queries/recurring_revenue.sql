-- Recurring revenue of each tenant at the end of each month.
select
    tenant_id,
    month,
    ending_mrr
from lakehouse_gold.mrr_metrics
order by tenant_id, month
