with

source as (
    select * from {{ source('silver', 'event') }}
),

renamed as (
    select
        ---------- ids
        tenant_id,
        id as event_id,
        customer_id,
        session_id,

        ---------- texts
        event_type,
        page_url,
        device_type,
        event_data,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as occurred_at
    from source
    where not is_deleted
)

select * from renamed
