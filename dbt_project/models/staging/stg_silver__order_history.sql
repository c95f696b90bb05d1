with

source as (
    select * from {{ source('silver', 'order_history') }}
),

renamed as (
    select
        ---------- ids
        tenant_id,
        id as order_id,
        customer_id,

        ---------- texts
        order_number,
        status as order_status,
        payment_method,

        ---------- numerics
        subtotal,
        tax,
        shipping,
        {{ money('subtotal + tax + shipping') }} as order_total,

        ---------- timestamps
        {{ utc_timestamp('valid_from') }} as valid_from,
        {{ utc_timestamp('valid_to') }} as valid_to
    from source
    where {{ version_held() }}
)

select * from renamed
