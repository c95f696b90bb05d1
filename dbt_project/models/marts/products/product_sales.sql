with

items as (
    select * from {{ ref('int_order_items__sold') }}
),

final as (
    select
        tenant_id,
        product_id,
        ordered_on as dt,
        count(distinct order_id) as order_count,
        cast(sum(quantity) as bigint) as units_sold,
        {{ money('sum(gross_amount)') }} as gross_sales,
        {{ money('sum(discount)') }} as discounts,
        {{ money('sum(net_amount)') }} as net_sales,
        {{ money('sum(cost)') }} as cost,
        {{ money('sum(net_amount) - sum(cost)') }} as gross_profit
    from items
    group by tenant_id, product_id, ordered_on
)

select * from final
