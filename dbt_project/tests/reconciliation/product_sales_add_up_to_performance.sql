-- A live product whose days do not add up to its total.
with

sold as (
    select
        tenant_id,
        product_id,
        sum(units_sold) as units_sold,
        sum(order_count) as order_count,
        sum(net_sales) as revenue,
        sum(cost) as cost
    from {{ ref('product_sales') }}
    group by tenant_id, product_id
)

select performance.*
from {{ ref('product_performance') }} as performance
left join sold
    on
        performance.tenant_id = sold.tenant_id
        and performance.product_id = sold.product_id
where
    performance.units_sold <> coalesce(sold.units_sold, 0)
    or performance.order_count <> coalesce(sold.order_count, 0)
    or performance.revenue <> coalesce(sold.revenue, 0)
    or performance.cost <> coalesce(sold.cost, 0)
