with

sessions as (
    select * from {{ ref('stg_silver__sessions') }}
),

customers as (
    select * from {{ ref('stg_silver__customers') }}
),

started as (
    select
        sessions.tenant_id,
        sessions.session_key,
        sessions.session_id,
        sessions.started_at,
        sessions.ended_at,
        sessions.duration_seconds,
        sessions.event_count,
        sessions.page_views,
        sessions.product_views,
        sessions.searches,
        sessions.clicks,
        sessions.add_to_cart,
        sessions.checkouts,
        sessions.purchases,
        sessions.is_bounce,
        sessions.is_converted,
        cast(sessions.started_at as date) as started_on,
        coalesce(customers.canonical_customer_id, sessions.customer_id) as customer_id
    from sessions
    left join customers
        on
            sessions.tenant_id = customers.tenant_id
            and sessions.customer_id = customers.customer_id
    where cast(sessions.started_at as date) <= {{ as_of_date() }}
)

select * from started
