{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'order_id'],
        on_schema_change='fail',
        partitioned_by=tenant_and_month('ordered_on'),
        post_hook="{{ delete_gone_rows(ref('int_orders__placed'), 'order_id') }}"
    )
}}

with

orders as (
    select * from {{ ref('int_orders__placed') }}
),

completed as (
    select * from {{ ref('int_orders__completed') }}
),

customers as (
    select * from {{ ref('stg_silver__customers') }}
),

order_items as (
    select * from {{ ref('fct_order_items') }}
),

items as (
    select
        tenant_id,
        order_id,
        count(*) as item_count,
        count(distinct product_id) as product_count,
        sum(quantity) as units,
        sum(gross_amount) as gross_amount,
        sum(discount) as discounts,
        sum(net_amount) as net_amount,
        sum(cost) as cost,
        sum(net_amount - cost) as gross_profit
    from order_items
    group by tenant_id, order_id
),

categories as (
    select
        tenant_id,
        order_id,
        category,
        row_number() over (
            partition by tenant_id, order_id order by sum(net_amount) desc, category asc
        ) as place
    from order_items
    group by tenant_id, order_id, category
),

final as (
    select
        ---------- ids
        orders.tenant_id,
        orders.order_id,
        orders.customer_id,

        ---------- texts
        orders.order_number,
        orders.order_status,
        orders.payment_method,

        ---------- timestamps
        orders.ordered_at,
        orders.ordered_on,
        orders.completed_at,

        ---------- numerics
        orders.subtotal,
        orders.tax,
        orders.shipping,
        orders.order_total,
        completed.customer_order_number,

        ---------- item totals and products
        categories.category as main_category,
        coalesce(items.item_count, 0) as item_count,
        coalesce(items.product_count, 0) as product_count,
        cast(coalesce(items.units, 0) as bigint) as units,
        {{ money('coalesce(items.gross_amount, 0)') }} as gross_amount,
        {{ money('coalesce(items.discounts, 0)') }} as discounts,
        {{ money('coalesce(items.net_amount, 0)') }} as net_amount,
        {{ money('coalesce(items.cost, 0)') }} as cost,
        {{ money('coalesce(items.gross_profit, 0)') }} as gross_profit,

        ---------- the customer
        date_diff('day', cast(customers.created_at as date), orders.ordered_on)
            as days_since_registration,

        ---------- booleans
        orders.order_status = 'completed' as is_completed,
        coalesce(completed.customer_order_number = 1, false) as is_first_order
    from orders
    left join completed
        on
            orders.tenant_id = completed.tenant_id
            and orders.order_id = completed.order_id
    left join items
        on
            orders.tenant_id = items.tenant_id
            and orders.order_id = items.order_id
    left join categories
        on
            orders.tenant_id = categories.tenant_id
            and orders.order_id = categories.order_id
            and categories.place = 1
    left join customers
        on
            orders.tenant_id = customers.tenant_id
            and orders.customer_id = customers.customer_id
)

{{ changed_rows('final') }}
