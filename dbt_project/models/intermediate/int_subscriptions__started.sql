with

subscriptions as (
    select * from {{ ref('stg_silver__subscriptions') }}
),

customers as (
    select * from {{ ref('stg_silver__customers') }}
),

started as (
    select
        subscriptions.tenant_id,
        subscriptions.subscription_id,
        subscriptions.started_on,
        subscriptions.ended_on,
        coalesce(customers.canonical_customer_id, subscriptions.customer_id) as customer_id
    from subscriptions
    left join customers
        on
            subscriptions.tenant_id = customers.tenant_id
            and subscriptions.customer_id = customers.customer_id
    where subscriptions.started_on <= {{ as_of_date() }}
)

select * from started
