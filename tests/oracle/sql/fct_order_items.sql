-- One row per item of an order of any status placed up to as_of_date.
select
    i.tenant_id::text as tenant_id,
    i.id::text as order_item_id,
    i.order_id::text as order_id,
    i.product_id::text as product_id,
    o.customer_id::text as customer_id,
    o.status as order_status,
    coalesce(p.category, 'Unknown') as category,
    (o.order_date at time zone 'UTC')::date as ordered_on,
    i.quantity,
    i.unit_price::numeric(18, 2) as unit_price,
    (i.quantity * i.unit_price)::numeric(18, 2) as gross_amount,
    i.discount::numeric(18, 2) as discount,
    (i.quantity * i.unit_price - i.discount)::numeric(18, 2) as net_amount,
    (i.quantity * p.cost)::numeric(18, 2) as cost,
    (i.quantity * (i.unit_price - p.cost) - i.discount)::numeric(18, 2) as gross_profit,
    o.status = 'completed' as is_completed
from core_orderitem as i
inner join core_order as o on i.order_id = o.id
left join core_product as p on i.product_id = p.id
where o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
order by tenant_id, order_item_id
