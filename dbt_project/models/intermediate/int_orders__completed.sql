with

orders as (
    select * from {{ ref('int_orders__placed') }}
),

completed as (
    select
        tenant_id,
        order_id,
        customer_id,
        subtotal,
        tax,
        shipping,
        order_total,
        ordered_at,
        ordered_on,
        -- The id makes the order total: two orders of one instant are never both the first.
        row_number() over (
            partition by tenant_id, customer_id order by ordered_at, order_id
        ) as customer_order_number
    from orders
    where order_status = 'completed'
)

select * from completed
