with

events as (
    select * from {{ ref('stg_silver__events') }}
),

sessions as (
    select * from {{ ref('int_sessions__started') }}
),

traced as (
    select * from {{ ref('int_sessions__traced') }}
),

events_by_hour as (
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
),

sessions_by_hour as (
    select
        sessions.tenant_id,
        cast(date_trunc('hour', sessions.started_at) as timestamp(6)) as hour,
        count(*) as started,
        count(case when traced.reaches_page_view then sessions.session_key end) as page_view,
        count(case when traced.reaches_product_view then sessions.session_key end)
            as product_view,
        count(case when traced.reaches_add_to_cart then sessions.session_key end) as add_to_cart,
        count(case when traced.reaches_checkout then sessions.session_key end) as checkout,
        count(case when traced.reaches_purchase then sessions.session_key end) as purchase
    from sessions
    left join traced
        on
            sessions.tenant_id = traced.tenant_id
            and sessions.session_key = traced.session_key
    group by sessions.tenant_id, date_trunc('hour', sessions.started_at)
),

-- An hour in which a session starts has its first event, so no session is lost.
joined as (
    select
        events_by_hour.*,
        coalesce(reached.started, 0) as sessions_started,
        coalesce(reached.page_view, 0) as sessions_reaching_page_view,
        coalesce(reached.product_view, 0) as sessions_reaching_product_view,
        coalesce(reached.add_to_cart, 0) as sessions_reaching_add_to_cart,
        coalesce(reached.checkout, 0) as sessions_reaching_checkout,
        coalesce(reached.purchase, 0) as sessions_reaching_purchase
    from events_by_hour
    left join sessions_by_hour as reached
        on
            events_by_hour.tenant_id = reached.tenant_id
            and events_by_hour.hour = reached.hour
),

final as (
    select
        *,
        {{ ratio('sessions_reaching_page_view', 'sessions_started') }}
            as page_view_conversion_rate,
        {{ ratio('sessions_reaching_product_view', 'sessions_reaching_page_view') }}
            as product_view_conversion_rate,
        {{ ratio('sessions_reaching_add_to_cart', 'sessions_reaching_product_view') }}
            as add_to_cart_conversion_rate,
        {{ ratio('sessions_reaching_checkout', 'sessions_reaching_add_to_cart') }}
            as checkout_conversion_rate,
        {{ ratio('sessions_reaching_purchase', 'sessions_reaching_checkout') }}
            as purchase_conversion_rate,
        {{ ratio('sessions_reaching_purchase', 'sessions_started') }} as overall_conversion_rate
    from joined
)

select * from final
