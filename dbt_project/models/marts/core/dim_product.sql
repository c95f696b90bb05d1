with

products as (
    select * from {{ ref('stg_silver__products') }}
),

final as (
    select
        tenant_id,
        product_id,
        sku,
        product_name,
        category,
        price_band,
        {{ money('price') }} as price,
        {{ money('cost') }} as cost,
        {{ money('price - cost') }} as unit_margin,
        {{ ratio('price - cost', 'price') }} as margin_rate,
        cast(stock_quantity as bigint) as stock_quantity,
        stock_quantity <= 0 as is_out_of_stock,
        is_active,
        created_at
    from products
)

select * from final
