with

source as (
    select * from {{ source('silver', 'customer') }}
),

renamed as (
    select
        ---------- ids
        tenant_id,
        id as customer_id,
        canonical_customer_id,

        ---------- booleans
        is_active,
        is_duplicate,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as created_at,
        {{ utc_timestamp('updated_at') }} as updated_at
    from source
    where not is_deleted
)

select * from renamed
