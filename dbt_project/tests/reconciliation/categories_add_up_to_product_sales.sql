-- A tenant and month in which categories and products disagree about what was sold.
with

categories as (
    select
        tenant_id,
        month,
        sum(units_sold) as units_sold,
        sum(revenue) as revenue,
        coalesce(sum(cost), 0) as cost
    from {{ ref('category_performance') }}
    group by tenant_id, month
),

products as (
    select
        tenant_id,
        {{ month_start('dt') }} as month,
        sum(units_sold) as units_sold,
        sum(net_sales) as revenue,
        coalesce(sum(cost), 0) as cost
    from {{ ref('product_sales') }}
    group by tenant_id, {{ month_start('dt') }}
)

select
    products.*,
    categories.revenue as category_revenue
from products
left join categories
    on products.tenant_id = categories.tenant_id and products.month = categories.month
where
    categories.units_sold is distinct from products.units_sold
    or categories.revenue is distinct from products.revenue
    or categories.cost is distinct from products.cost
