-- A day on which products and orders disagree about the discounts that were given.
with

products as (
    select
        tenant_id,
        dt,
        sum(discounts) as discounts
    from {{ ref('product_sales') }}
    group by tenant_id, dt
)

select
    revenue.tenant_id,
    revenue.dt,
    revenue.discounts,
    products.discounts as product_discounts
from {{ ref('revenue_metrics') }} as revenue
left join products
    on revenue.tenant_id = products.tenant_id and revenue.dt = products.dt
where revenue.discounts <> coalesce(products.discounts, 0)
