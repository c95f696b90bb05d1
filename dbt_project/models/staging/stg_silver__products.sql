with

source as (
    select * from {{ source('silver', 'product') }}
),

renamed as (
    select
        ---------- ids
        tenant_id,
        id as product_id,

        ---------- texts
        sku,
        name as product_name,
        description,
        category,
        source_category,
        price_band,

        ---------- numerics
        price,
        cost,
        stock_quantity,

        ---------- booleans
        is_active,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as created_at,
        {{ utc_timestamp('updated_at') }} as updated_at
    from source
    where not is_deleted
)

select * from renamed
