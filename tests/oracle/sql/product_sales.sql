-- One row per tenant, product and day with at least one item of a completed order.
with sold_on as (
    select distinct
        i.tenant_id,
        i.product_id,
        (o.order_date at time zone 'UTC')::date as dt
    from core_orderitem as i
    inner join core_order as o on i.order_id = o.id
    where
        o.status = 'completed'
        and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
)

select
    sold_on.tenant_id::text as tenant_id,
    sold_on.product_id::text as product_id,
    sold_on.dt,
    items.order_count,
    items.units_sold,
    items.gross_sales::numeric(18, 2) as gross_sales,
    items.discounts::numeric(18, 2) as discounts,
    (items.gross_sales - items.discounts)::numeric(18, 2) as net_sales,
    (items.units_sold * p.cost)::numeric(18, 2) as cost,
    (items.gross_sales - items.discounts - items.units_sold * p.cost)::numeric(18, 2)
        as gross_profit
from sold_on
left join core_product as p on sold_on.product_id = p.id and sold_on.tenant_id = p.tenant_id
cross join lateral (
    select
        count(distinct i.order_id) as order_count,
        sum(i.quantity) as units_sold,
        sum(i.quantity * i.unit_price) as gross_sales,
        sum(i.discount) as discounts
    from core_orderitem as i
    inner join core_order as o on i.order_id = o.id
    where
        i.tenant_id = sold_on.tenant_id
        and i.product_id = sold_on.product_id
        and o.status = 'completed'
        and o.order_date >= sold_on.dt::timestamp at time zone 'UTC'
        and o.order_date < (sold_on.dt + 1)::timestamp at time zone 'UTC'
) as items
order by tenant_id, product_id, dt
