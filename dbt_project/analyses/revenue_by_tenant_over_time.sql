-- Revenue of each tenant by complete month, with its growth.
select
    tenants.tenant_name,
    growth.month,
    tenants.currency,
    growth.total_revenue,
    growth.order_count,
    growth.avg_order_value,
    growth.revenue_mom_growth,
    growth.revenue_yoy_growth
from {{ ref('revenue_growth') }} as growth
inner join {{ ref('dim_tenant') }} as tenants
    on growth.tenant_id = tenants.tenant_id
where growth.is_complete_month
order by tenants.tenant_name asc, growth.month asc
