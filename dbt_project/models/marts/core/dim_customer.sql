-- One row per customer that facts may point to: the canonical ones, whenever they were created.
with

customers as (
    select * from {{ ref('stg_silver__customers') }}
),

accounts as (
    select
        tenant_id,
        canonical_customer_id as customer_id,
        count(*) as account_count
    from customers
    group by tenant_id, canonical_customer_id
),

ordered as (
    select * from {{ ref('int_customers__ordered') }}
),

final as (
    select
        customers.tenant_id,
        customers.customer_id,
        customers.is_active,
        customers.created_at,
        accounts.account_count,
        ordered.first_ordered_on,
        {{ month_start('ordered.first_ordered_on') }} as cohort_month
    from customers
    inner join accounts
        on
            customers.tenant_id = accounts.tenant_id
            and customers.customer_id = accounts.customer_id
    left join ordered
        on
            customers.tenant_id = ordered.tenant_id
            and customers.customer_id = ordered.customer_id
    where customers.customer_id = customers.canonical_customer_id
)

select * from final
