with

source as (
    select * from {{ source('silver', 'orderitem') }}
),

renamed as (
    select
        ---------- ids
        tenant_id,
        id as order_item_id,
        order_id,
        product_id,

        ---------- numerics
        quantity,
        unit_price,
        {{ money('quantity * unit_price') }} as gross_amount,
        discount,
        {{ money('quantity * unit_price - discount') }} as net_amount,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as created_at,
        {{ utc_timestamp('updated_at') }} as updated_at
    from source
    where not is_deleted
)

select * from renamed
