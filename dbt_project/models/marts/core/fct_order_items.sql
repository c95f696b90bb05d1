{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'order_item_id'],
        on_schema_change='fail',
        partitioned_by=tenant_and_month('ordered_on'),
        post_hook="{{ delete_gone_rows(ref('int_order_items__placed'), 'order_item_id') }}"
    )
}}

with

items as (
    select * from {{ ref('int_order_items__placed') }}
),

final as (
    select
        ---------- ids
        tenant_id,
        order_item_id,
        order_id,
        product_id,
        customer_id,

        ---------- texts
        order_status,
        category,

        ---------- dates
        ordered_on,

        ---------- numerics
        quantity,
        unit_price,
        gross_amount,
        discount,
        net_amount,
        cost,
        {{ money('net_amount - cost') }} as gross_profit,

        ---------- booleans
        order_status = 'completed' as is_completed
    from items
)

{{ changed_rows('final') }}
