with

source as (
    select * from {{ source('silver', 'invoice') }}
),

renamed as (
    select
        ---------- ids
        tenant_id,
        id as invoice_id,
        customer_id,
        subscription_id,

        ---------- texts
        invoice_number,
        status as invoice_status,
        reconciliation_status,

        ---------- numerics
        amount,

        ---------- dates
        issue_date as issued_on,
        due_date as due_on,
        paid_date as paid_on,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as created_at,
        {{ utc_timestamp('updated_at') }} as updated_at
    from source
    where not is_deleted
)

select * from renamed
