with

orders as (
    select * from {{ ref('stg_silver__orders') }}
),

customers as (
    select * from {{ ref('stg_silver__customers') }}
),

placed as (
    select
        orders.tenant_id,
        orders.order_id,
        orders.order_number,
        orders.order_status,
        orders.payment_method,
        orders.subtotal,
        orders.tax,
        orders.shipping,
        orders.order_total,
        orders.ordered_at,
        orders.completed_at,
        cast(orders.ordered_at as date) as ordered_on,
        coalesce(customers.canonical_customer_id, orders.customer_id) as customer_id
    from orders
    left join customers
        on
            orders.tenant_id = customers.tenant_id
            and orders.customer_id = customers.customer_id
    where cast(orders.ordered_at as date) <= {{ as_of_date() }}
)

select * from placed
