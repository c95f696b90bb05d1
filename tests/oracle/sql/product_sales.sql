-- One row per tenant, product and day with at least one item of a completed order.
select
    sold.tenant_id::text as tenant_id,
    sold.product_id::text as product_id,
    sold.dt,
    sold.order_count,
    sold.units_sold,
    sold.gross_sales::numeric(18, 2) as gross_sales,
    sold.discounts::numeric(18, 2) as discounts,
    (sold.gross_sales - sold.discounts)::numeric(18, 2) as net_sales,
    (sold.units_sold * p.cost)::numeric(18, 2) as cost,
    (sold.gross_sales - sold.discounts - sold.units_sold * p.cost)::numeric(18, 2) as gross_profit
from (
    select
        i.tenant_id,
        i.product_id,
        (o.order_date at time zone 'UTC')::date as dt,
        count(distinct i.order_id) as order_count,
        sum(i.quantity) as units_sold,
        sum(i.quantity * i.unit_price) as gross_sales,
        sum(i.discount) as discounts
    from core_orderitem as i
    inner join core_order as o on i.order_id = o.id
    where
        o.status = 'completed'
        and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
    group by i.tenant_id, i.product_id, (o.order_date at time zone 'UTC')::date
) as sold
left join core_product as p on sold.product_id = p.id and sold.tenant_id = p.tenant_id
order by tenant_id, product_id, dt
