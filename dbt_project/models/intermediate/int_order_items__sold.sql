with

items as (
    select * from {{ ref('stg_silver__order_items') }}
),

orders as (
    select * from {{ ref('int_orders__placed') }}
    where order_status = 'completed'
),

products as (
    select * from {{ ref('stg_silver__products') }}
),

sold as (
    select
        items.tenant_id,
        items.order_item_id,
        items.order_id,
        items.product_id,
        orders.customer_id,
        orders.ordered_on,
        items.quantity,
        items.gross_amount,
        items.discount,
        items.net_amount,
        -- Null when the product was deleted: what it cost is known no longer.
        {{ money('items.quantity * products.cost') }} as cost
    from items
    inner join orders
        on
            items.tenant_id = orders.tenant_id
            and items.order_id = orders.order_id
    left join products
        on
            items.tenant_id = products.tenant_id
            and items.product_id = products.product_id
)

select * from sold
