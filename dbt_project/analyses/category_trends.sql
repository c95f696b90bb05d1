-- Revenue of each category by month, its share and its growth.
select
    tenant_id,
    month,
    category,
    revenue,
    revenue_share,
    revenue_mom_growth,
    gross_margin,
    rank_in_month
from {{ ref('category_performance') }}
order by tenant_id asc, month asc, rank_in_month asc, category asc
