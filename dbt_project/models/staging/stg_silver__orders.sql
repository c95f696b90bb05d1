with

source as (
    select * from {{ source('silver', 'order') }}
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
        previous_status as previous_order_status,
        payment_method,

        ---------- numerics
        subtotal,
        tax,
        shipping,
        {{ money('subtotal + tax + shipping') }} as order_total,

        ---------- timestamps
        {{ utc_timestamp('order_date') }} as ordered_at,
        {{ utc_timestamp('completed_at') }} as completed_at,
        {{ utc_timestamp('created_at') }} as created_at,
        {{ utc_timestamp('updated_at') }} as updated_at
    from source
    where not is_deleted
)

select * from renamed
