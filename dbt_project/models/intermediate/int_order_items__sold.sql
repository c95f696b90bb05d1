with

items as (
    select * from {{ ref('int_order_items__placed') }}
),

sold as (
    select
        tenant_id,
        order_item_id,
        order_id,
        product_id,
        customer_id,
        ordered_on,
        category,
        quantity,
        gross_amount,
        discount,
        net_amount,
        cost
    from items
    where order_status = 'completed'
)

select * from sold
