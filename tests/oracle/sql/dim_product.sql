-- One row per product there is.
select
    p.tenant_id::text as tenant_id,
    p.id::text as product_id,
    p.sku,
    p.name as product_name,
    p.category,
    (array['under_10', '10_to_50', '50_to_200', '200_and_more'])[
        1 + width_bucket(p.price, array[10, 50, 200]::numeric[])
    ] as price_band,
    p.price::numeric(18, 2) as price,
    p.cost::numeric(18, 2) as cost,
    (p.price - p.cost)::numeric(18, 2) as unit_margin,
    (1 - p.cost / nullif(p.price, 0))::float8 as margin_rate,
    p.stock_quantity,
    not p.stock_quantity > 0 as is_out_of_stock,
    p.is_active,
    p.created_at at time zone 'UTC' as created_at
from core_product as p
order by tenant_id, product_id
