with

source as (
    select * from {{ source('silver', 'tenant') }}
),

renamed as (
    select
        ---------- ids
        id as tenant_id,

        ---------- texts
        name as tenant_name,
        slug as tenant_slug,
        domain as tenant_domain,
        plan,
        tier,
        currency,
        country,
        settings,

        ---------- booleans
        is_active,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as created_at,
        {{ utc_timestamp('updated_at') }} as updated_at
    from source
    where not is_deleted
)

select * from renamed
