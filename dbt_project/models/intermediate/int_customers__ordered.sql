with

orders as (
    select * from {{ ref('int_orders__completed') }}
),

items as (
    select * from {{ ref('int_order_items__sold') }}
),

ordered as (
    select
        tenant_id,
        customer_id,
        min(ordered_at) as first_order_at,
        max(ordered_at) as last_order_at,
        min(ordered_on) as first_ordered_on,
        max(ordered_on) as last_ordered_on,
        count(*) as order_count,
        sum(order_total) as lifetime_revenue
    from orders
    group by tenant_id, customer_id
),

-- An item whose cost is not known has a null profit, and the sum leaves it out.
earned as (
    select
        tenant_id,
        customer_id,
        sum(net_amount - cost) as lifetime_gross_profit
    from items
    group by tenant_id, customer_id
),

joined as (
    select
        ordered.tenant_id,
        ordered.customer_id,
        ordered.first_order_at,
        ordered.last_order_at,
        ordered.first_ordered_on,
        ordered.last_ordered_on,
        ordered.order_count,
        {{ money('ordered.lifetime_revenue') }} as lifetime_revenue,
        {{ money('coalesce(earned.lifetime_gross_profit, 0)') }} as lifetime_gross_profit
    from ordered
    left join earned
        on
            ordered.tenant_id = earned.tenant_id
            and ordered.customer_id = earned.customer_id
)

select * from joined
