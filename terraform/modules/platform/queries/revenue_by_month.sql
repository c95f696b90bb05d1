-- Net revenue and orders of each tenant by month.
select
    tenant_id,
    date_trunc('month', dt) as month,
    sum(net_revenue) as net_revenue,
    sum(order_count) as orders
from lakehouse_gold.revenue_metrics
group by tenant_id, date_trunc('month', dt)
order by tenant_id, month
