with

orders as (
    select * from {{ ref('int_orders__placed') }}
),

completed as (
    select * from {{ ref('int_orders__completed') }}
),

items as (
    select * from {{ ref('int_order_items__sold') }}
),

first_days as (
    select
        tenant_id,
        min(ordered_on) as first_on
    from orders
    group by tenant_id
),

days as (
    select
        first_days.tenant_id,
        cast(calendar.calendar_day as date) as dt
    from first_days
    cross join unnest({{ date_sequence('first_on', as_of_date()) }}) as calendar (calendar_day)
),

completed_by_day as (
    select
        tenant_id,
        ordered_on as dt,
        count(*) as order_count,
        count(distinct customer_id) as unique_customers,
        sum(order_total) as total_revenue,
        sum(subtotal) as net_revenue,
        sum(tax) as tax,
        sum(shipping) as shipping,
        count(case when customer_order_number = 1 then order_id end) as new_customer_orders
    from completed
    group by tenant_id, ordered_on
),

discounts_by_day as (
    select
        tenant_id,
        ordered_on as dt,
        sum(discount) as discounts
    from items
    group by tenant_id, ordered_on
),

cancelled_by_day as (
    select
        tenant_id,
        ordered_on as dt,
        count(*) as cancelled_order_count,
        sum(order_total) as cancelled_value
    from orders
    where order_status = 'cancelled'
    group by tenant_id, ordered_on
),

joined as (
    select
        days.tenant_id,
        days.dt,
        coalesce(completed_by_day.order_count, 0) as order_count,
        coalesce(completed_by_day.unique_customers, 0) as unique_customers,
        coalesce(completed_by_day.total_revenue, 0) as total_revenue,
        coalesce(completed_by_day.net_revenue, 0) as net_revenue,
        coalesce(completed_by_day.tax, 0) as tax,
        coalesce(completed_by_day.shipping, 0) as shipping,
        coalesce(discounts_by_day.discounts, 0) as discounts,
        coalesce(cancelled_by_day.cancelled_order_count, 0) as cancelled_order_count,
        coalesce(cancelled_by_day.cancelled_value, 0) as cancelled_value,
        coalesce(completed_by_day.new_customer_orders, 0) as new_customer_orders
    from days
    left join completed_by_day
        on days.tenant_id = completed_by_day.tenant_id and days.dt = completed_by_day.dt
    left join discounts_by_day
        on days.tenant_id = discounts_by_day.tenant_id and days.dt = discounts_by_day.dt
    left join cancelled_by_day
        on days.tenant_id = cancelled_by_day.tenant_id and days.dt = cancelled_by_day.dt
),

-- There is a row for every day, so 7 rows are 7 days; days before the first order count as 0.
windowed as (
    select
        *,
        sum(total_revenue) over (
            partition by tenant_id, {{ month_start('dt') }} order by dt
            rows between unbounded preceding and current row
        ) as revenue_mtd,
        sum(total_revenue) over (
            partition by tenant_id order by dt rows between 6 preceding and current row
        ) as revenue_7d
    from joined
),

final as (
    select
        tenant_id,
        dt,
        order_count,
        unique_customers,
        {{ money('total_revenue') }} as total_revenue,
        {{ money_average('total_revenue', 'order_count') }} as avg_order_value,
        {{ money('net_revenue') }} as net_revenue,
        {{ money('tax') }} as tax,
        {{ money('shipping') }} as shipping,
        {{ money('discounts') }} as discounts,
        cancelled_order_count,
        {{ money('cancelled_value') }} as cancelled_value,
        new_customer_orders,
        order_count - new_customer_orders as repeat_customer_orders,
        {{ money('revenue_mtd') }} as revenue_mtd,
        {{ money_average('revenue_7d', 7) }} as revenue_7d_avg
    from windowed
)

select * from final
