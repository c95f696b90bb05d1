with

source as (
    select * from {{ source('silver', 'customer_history') }}
),

renamed as (
    select
        ---------- ids
        tenant_id,
        id as customer_id,

        ---------- booleans
        is_active,
        is_phone_valid,

        ---------- timestamps
        {{ utc_timestamp('valid_from') }} as valid_from,
        {{ utc_timestamp('valid_to') }} as valid_to
    from source
    where {{ version_held() }}
)

select * from renamed
