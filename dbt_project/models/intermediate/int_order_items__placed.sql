with

items as (
    select * from {{ ref('stg_silver__order_items') }}
),

orders as (
    select * from {{ ref('int_orders__placed') }}
),

products as (
    select * from {{ ref('stg_silver__products') }}
),

placed as (
    select
        items.tenant_id,
        items.order_item_id,
        items.order_id,
        items.product_id,
        orders.customer_id,
        orders.order_status,
        orders.ordered_on,
        items.quantity,
        {{ money('items.unit_price') }} as unit_price,
        items.gross_amount,
        {{ money('items.discount') }} as discount,
        items.net_amount,
        -- A product that was deleted took its category with it, and what it cost.
        coalesce(products.category, 'Unknown') as category,
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

select * from placed
