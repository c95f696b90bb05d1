-- The ten products of each tenant with the highest revenue, their margin and their stock.
select
    performance.tenant_id,
    performance.rank_in_tenant,
    products.product_name,
    products.category,
    performance.units_sold,
    performance.revenue,
    performance.gross_margin,
    performance.days_of_inventory,
    performance.is_out_of_stock
from {{ ref('product_performance') }} as performance
inner join {{ ref('dim_product') }} as products
    on
        performance.tenant_id = products.tenant_id
        and performance.product_id = products.product_id
where performance.rank_in_tenant <= 10
order by performance.tenant_id asc, performance.rank_in_tenant asc, performance.product_id asc
