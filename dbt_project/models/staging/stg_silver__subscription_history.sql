with

source as (
    select * from {{ source('silver', 'subscription_history') }}
),

renamed as (
    select
        ---------- ids
        tenant_id,
        id as subscription_id,

        ---------- texts
        plan_name,
        billing_cycle,
        status as subscription_status,

        ---------- numerics
        monthly_amount,

        ---------- timestamps
        {{ utc_timestamp('valid_from') }} as valid_from,
        {{ utc_timestamp('valid_to') }} as valid_to
    from source
    where {{ version_held() }}
)

select * from renamed
