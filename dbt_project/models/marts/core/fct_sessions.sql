{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'session_key'],
        on_schema_change='fail',
        partitioned_by=tenant_and_month('started_on'),
        post_hook="{{ delete_gone_rows(ref('int_sessions__started'), 'session_key') }}"
    )
}}

with

sessions as (
    select * from {{ ref('int_sessions__started') }}
),

traced as (
    select * from {{ ref('int_sessions__traced') }}
),

final as (
    select
        ---------- ids
        sessions.tenant_id,
        sessions.session_key,
        sessions.session_id,
        sessions.customer_id,

        ---------- timestamps
        sessions.started_at,
        sessions.ended_at,
        sessions.started_on,

        ---------- numerics
        sessions.duration_seconds,
        sessions.event_count,
        sessions.page_views,
        sessions.product_views,
        sessions.searches,
        sessions.clicks,
        sessions.add_to_cart,
        sessions.checkouts,
        sessions.purchases,

        ---------- texts
        traced.path,

        ---------- booleans
        sessions.is_bounce,
        sessions.is_converted,

        ---------- who it is, when the customer is not known
        coalesce(sessions.customer_id, sessions.session_id) as visitor_id
    from sessions
    left join traced
        on
            sessions.tenant_id = traced.tenant_id
            and sessions.session_key = traced.session_key
)

{{ changed_rows('final') }}
