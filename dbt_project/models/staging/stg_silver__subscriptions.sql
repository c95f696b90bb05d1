with

source as (
    select * from {{ source('silver', 'subscription') }}
),

renamed as (
    select
        ---------- ids
        tenant_id,
        id as subscription_id,
        customer_id,

        ---------- texts
        plan_name,
        billing_cycle,
        status as subscription_status,

        ---------- numerics
        monthly_amount,

        ---------- dates
        start_date as started_on,
        end_date as ended_on,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as created_at,
        {{ utc_timestamp('updated_at') }} as updated_at
    from source
    where not is_deleted
)

select * from renamed
