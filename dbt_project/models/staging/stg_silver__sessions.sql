with

source as (
    select * from {{ source('silver', 'session') }}
),

renamed as (
    select
        ---------- ids
        tenant_id,
        session_key,
        session_id,
        customer_id,

        ---------- numerics
        duration_seconds,
        event_count,
        page_views,
        product_views,
        searches,
        clicks,
        add_to_carts as add_to_cart,
        checkouts,
        purchases,

        ---------- booleans
        is_bounce,
        is_converted,

        ---------- timestamps
        {{ utc_timestamp('started_at') }} as started_at,
        {{ utc_timestamp('ended_at') }} as ended_at
    from source
)

select * from renamed
