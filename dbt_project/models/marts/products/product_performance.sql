with

products as (
    select * from {{ ref('stg_silver__products') }}
),

items as (
    select * from {{ ref('int_order_items__sold') }}
),

sales as (
    select
        tenant_id,
        product_id,
        sum(quantity) as units_sold,
        count(distinct order_id) as order_count,
        sum(net_amount) as revenue,
        sum(cost) as cost,
        sum(
            case when ordered_on > {{ days_before(as_of_date(), 90) }} then cost else 0 end
        ) as cost_90d
    from items
    group by tenant_id, product_id
),

joined as (
    select
        products.tenant_id,
        products.product_id,
        products.category,
        products.stock_quantity,
        products.stock_quantity * products.cost as stock_at_cost,
        coalesce(sales.units_sold, 0) as units_sold,
        coalesce(sales.order_count, 0) as order_count,
        coalesce(sales.revenue, 0) as revenue,
        coalesce(sales.cost, 0) as cost,
        coalesce(sales.cost_90d, 0) as cost_90d
    from products
    left join sales
        on
            products.tenant_id = sales.tenant_id
            and products.product_id = sales.product_id
),

-- Cost of goods sold in a year at the pace of the last 90 days, by the stock's value.
turned as (
    select
        *,
        {{ ratio('cost_90d * 365', 'stock_at_cost * 90') }} as inventory_turnover
    from joined
),

final as (
    select
        tenant_id,
        product_id,
        cast(units_sold as bigint) as units_sold,
        order_count,
        {{ money('revenue') }} as revenue,
        {{ money('cost') }} as cost,
        {{ money('revenue - cost') }} as gross_profit,
        {{ ratio('revenue - cost', 'revenue') }} as gross_margin,
        rank() over (
            partition by tenant_id order by revenue desc
        ) as rank_in_tenant,
        rank() over (
            partition by tenant_id, category order by revenue desc
        ) as rank_in_category,
        cast(stock_quantity as bigint) as stock_quantity,
        inventory_turnover,
        {{ ratio(365, 'inventory_turnover') }} as days_of_inventory,
        {{ ratio('units_sold', 'units_sold + stock_quantity') }} as sell_through_rate,
        stock_quantity <= 0 as is_out_of_stock
    from turned
)

select * from final
