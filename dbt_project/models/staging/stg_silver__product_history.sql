with

source as (
    select * from {{ source('silver', 'product_history') }}
),

renamed as (
    select
        ---------- ids
        tenant_id,
        id as product_id,

        ---------- texts
        sku,
        name as product_name,
        category,
        price_band,

        ---------- numerics
        price,
        cost,
        stock_quantity,

        ---------- booleans
        is_active,

        ---------- timestamps
        {{ utc_timestamp('valid_from') }} as valid_from,
        {{ utc_timestamp('valid_to') }} as valid_to
    from source
    where {{ version_held() }}
)

select * from renamed
