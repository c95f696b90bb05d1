-- Views, carts, checkouts and purchases of each day, as counts of events.
select
    tenant_id,
    cast(hour as date) as dt,
    sum(page_views) as page_views,
    sum(product_views) as product_views,
    sum(add_to_cart) as add_to_cart,
    sum(checkouts) as checkouts,
    sum(purchases) as purchases,
    {{ ratio('sum(purchases)', 'sum(product_views)') }} as purchases_per_product_view
from {{ ref('funnel_metrics') }}
group by tenant_id, cast(hour as date)
order by tenant_id asc, dt asc
