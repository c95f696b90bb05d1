with

customers as (
    select * from {{ ref('stg_silver__customers') }}
),

counted as (
    select
        tenant_id,
        customer_id,
        cast(created_at as date) as created_on
    from customers
    where
        customer_id = canonical_customer_id
        and cast(created_at as date) <= {{ as_of_date() }}
)

select * from counted
