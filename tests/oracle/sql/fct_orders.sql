-- One row per order of any status placed up to as_of_date. What its items add up to is counted anew
-- for each order, and so is its place among the person's completed orders.
select
    o.tenant_id::text as tenant_id,
    o.id::text as order_id,
    o.customer_id::text as customer_id,
    o.order_number,
    o.status as order_status,
    lower(o.metadata ->> 'payment_method') as payment_method,
    o.order_date at time zone 'UTC' as ordered_at,
    (o.order_date at time zone 'UTC')::date as ordered_on,
    o.completed_at at time zone 'UTC' as completed_at,
    o.subtotal::numeric(18, 2) as subtotal,
    o.tax::numeric(18, 2) as tax,
    o.shipping::numeric(18, 2) as shipping,
    (o.subtotal + o.tax + o.shipping)::numeric(18, 2) as order_total,
    place.number as customer_order_number,
    (
        select coalesce(p.category, 'Unknown')
        from core_orderitem as i
        left join core_product as p on i.product_id = p.id
        where i.order_id = o.id
        group by coalesce(p.category, 'Unknown')
        order by
            sum(i.quantity * i.unit_price - i.discount) desc,
            coalesce(p.category, 'Unknown') collate "C" asc
        limit 1
    ) as main_category,
    item.items as item_count,
    item.products as product_count,
    item.units,
    item.gross::numeric(18, 2) as gross_amount,
    item.discounts::numeric(18, 2) as discounts,
    (item.gross - item.discounts)::numeric(18, 2) as net_amount,
    item.cost::numeric(18, 2) as cost,
    item.profit::numeric(18, 2) as gross_profit,
    (
        select
            (o.order_date at time zone 'UTC')::date - (c.created_at at time zone 'UTC')::date
        from core_customer as c
        where c.id = o.customer_id
    ) as days_since_registration,
    o.status = 'completed' as is_completed,
    place.number is not distinct from 1 as is_first_order
from core_order as o
cross join lateral (
    select
        count(*) as items,
        count(distinct i.product_id) as products,
        coalesce(sum(i.quantity), 0) as units,
        coalesce(sum(i.quantity * i.unit_price), 0) as gross,
        coalesce(sum(i.discount), 0) as discounts,
        coalesce(sum(i.quantity * p.cost), 0) as cost,
        coalesce(sum(i.quantity * (i.unit_price - p.cost) - i.discount), 0) as profit
    from core_orderitem as i
    left join core_product as p on i.product_id = p.id
    where i.order_id = o.id
) as item
left join lateral (
    select count(*) as number
    from core_order as earlier
    where
        earlier.customer_id = o.customer_id
        and earlier.status = 'completed'
        and (earlier.order_date, earlier.id) <= (o.order_date, o.id)
) as place on o.status = 'completed'
where o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
order by tenant_id, order_id
