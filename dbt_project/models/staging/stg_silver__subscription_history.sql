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
    -- The rest never held: deletes, repeats of a full load, changes that their commit replaced.
    where not is_deleted and (is_current or valid_to > valid_from)
)

select * from renamed
