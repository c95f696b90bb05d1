-- New customers of each month, and how many of all customers have ever ordered.
select
    tenant_id,
    {{ month_start('dt') }} as month,
    sum(new_customers) as new_customers,
    max_by(total_customers, dt) as customers_at_month_end,
    max_by(ordering_customers, dt) as ordering_customers_at_month_end,
    max_by(repeat_rate, dt) as repeat_rate_at_month_end
from {{ ref('customer_metrics') }}
group by tenant_id, {{ month_start('dt') }}
order by tenant_id asc, month asc
