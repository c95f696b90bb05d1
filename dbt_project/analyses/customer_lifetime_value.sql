-- What customers of each segment have been worth, and what the next year may bring.
select
    tenant_id,
    rfm_segment,
    count(*) as customers,
    sum(lifetime_revenue) as lifetime_revenue,
    {{ money_average('sum(lifetime_revenue)', 'count(*)') }} as avg_lifetime_revenue,
    sum(lifetime_gross_profit) as lifetime_gross_profit,
    sum(predicted_ltv_12m) as predicted_ltv_12m
from {{ ref('customer_lifetime') }}
where order_count > 0
group by tenant_id, rfm_segment
order by tenant_id asc, lifetime_revenue desc, rfm_segment asc
