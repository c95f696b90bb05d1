-- One row per product, sold or not. Sales are of all time to as_of_date; only the inventory ratios
-- look at its last 90 days.
with performance as materialized (
    select
        p.tenant_id,
        p.id as product_id,
        p.category,
        p.stock_quantity,
        sold.units,
        sold.orders,
        sold.revenue,
        sold.units * p.cost as cost,
        sold.revenue - sold.units * p.cost as gross_profit,
        sold.units_90d * p.cost as cost_90d,
        p.stock_quantity * p.cost as stock_at_cost
    from core_product as p
    cross join lateral (
        select
            coalesce(sum(i.quantity), 0) as units,
            count(distinct o.id) as orders,
            coalesce(sum(i.quantity * i.unit_price - i.discount), 0) as revenue,
            coalesce(
                sum(i.quantity) filter (
                    where
                    o.order_date >= (%(as_of_date)s::date - 89)::timestamp at time zone 'UTC'
                    and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
                ), 0
            ) as units_90d
        from core_orderitem as i
        inner join core_order as o on i.order_id = o.id
        where
            i.product_id = p.id
            and i.tenant_id = p.tenant_id
            and o.status = 'completed'
            and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
    ) as sold
)

select
    p.tenant_id::text as tenant_id,
    p.product_id::text as product_id,
    p.units as units_sold,
    p.orders as order_count,
    p.revenue::numeric(18, 2) as revenue,
    p.cost::numeric(18, 2) as cost,
    p.gross_profit::numeric(18, 2) as gross_profit,
    p.gross_profit::float8 / nullif(p.revenue, 0)::float8 as gross_margin,
    (
        select count(*) + 1
        from performance as better
        where better.tenant_id = p.tenant_id and better.revenue > p.revenue
    ) as rank_in_tenant,
    (
        select count(*) + 1
        from performance as better
        where
            better.tenant_id = p.tenant_id
            and better.category = p.category
            and better.revenue > p.revenue
    ) as rank_in_category,
    p.stock_quantity,
    (p.cost_90d * 365)::float8 / nullif(p.stock_at_cost * 90, 0)::float8 as inventory_turnover,
    -- A year divided by the turnover; a product that is sold out has no turnover and so no days.
    (nullif(p.stock_at_cost, 0) * 90)::float8 / nullif(p.cost_90d, 0)::float8
        as days_of_inventory,
    p.units::float8 / nullif(p.units + p.stock_quantity, 0) as sell_through_rate,
    p.stock_quantity <= 0 as is_out_of_stock
from performance as p
order by tenant_id, product_id
