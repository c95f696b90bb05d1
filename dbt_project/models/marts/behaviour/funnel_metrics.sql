with

events as (
    select * from {{ ref('stg_silver__events') }}
),

final as (
    select
        tenant_id,
        cast(date_trunc('hour', occurred_at) as timestamp(6)) as hour,
        count(case when event_type = 'page_view' then event_id end) as page_views,
        count(case when event_type = 'product_view' then event_id end) as product_views,
        count(case when event_type = 'add_to_cart' then event_id end) as add_to_cart,
        count(case when event_type = 'checkout' then event_id end) as checkouts,
        count(case when event_type = 'purchase' then event_id end) as purchases
    from events
    where cast(occurred_at as date) <= {{ as_of_date() }}
    group by tenant_id, date_trunc('hour', occurred_at)
)

select * from final
