-- One row a tenant: how it is doing today.
select *
from lakehouse_gold.tenant_summary
order by tenant_id
