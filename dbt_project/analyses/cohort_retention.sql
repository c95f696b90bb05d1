-- Retention of each cohort in the months after its first order, one row a cohort.
select
    tenant_id,
    cohort_month,
    max(cohort_size) as cohort_size,
    max(case when month_number = 1 then retention_rate end) as month_1,
    max(case when month_number = 2 then retention_rate end) as month_2,
    max(case when month_number = 3 then retention_rate end) as month_3,
    max(case when month_number = 6 then retention_rate end) as month_6,
    max(case when month_number = 12 then retention_rate end) as month_12,
    max(cumulative_revenue_per_customer) as revenue_per_customer
from {{ ref('customer_cohorts') }}
group by tenant_id, cohort_month
order by tenant_id asc, cohort_month asc
