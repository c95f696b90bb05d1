{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['tenant_id', 'session_key'],
        on_schema_change='fail',
        table_type='iceberg',
        format='parquet',
        partitioned_by=tenant_and_month('started_at'),
        post_hook="{{ delete_gone_rows(ref('stg_silver__sessions'), 'session_key') }}"
    )
}}

-- What a session's events say in their order. To order them is the dearest step of a build, so a
-- session is traced again only when its borders, or the events of its session_id, are not those
-- that its row was made of. Both stand in the row; no clock and no other state is asked.
with

events as (
    select * from {{ ref('stg_silver__events') }}
),

sessions as (
    select * from {{ ref('stg_silver__sessions') }}
),

visits as (
    select
        tenant_id,
        session_id,
        {{ fingerprint(['event_id', 'event_type', 'occurred_at']) }} as events_fingerprint
    from events
    group by tenant_id, session_id
),

-- Silver writes sessions before events: a session may be there whose events are not.
stamped as (
    select
        sessions.tenant_id,
        sessions.session_key,
        sessions.session_id,
        sessions.started_at,
        sessions.ended_at,
        visits.events_fingerprint
    from sessions
    left join visits
        on
            sessions.tenant_id = visits.tenant_id
            and sessions.session_id = visits.session_id
),

due as (
    {{ rows_of_other_inputs(
        'stamped', 'session_key', ['started_at', 'ended_at', 'events_fingerprint']
    ) }}
),

-- The sessions of one session_id do not overlap, so an event lies in exactly one of them.
in_sessions as (
    select
        due.tenant_id,
        due.session_key,
        events.event_id,
        events.event_type,
        events.occurred_at
    from events
    inner join due
        on
            events.tenant_id = due.tenant_id
            and events.session_id = due.session_id
            and events.occurred_at between due.started_at and due.ended_at
),

followed as (
    select
        *,
        lag(event_type) over (
            partition by tenant_id, session_key order by occurred_at, event_id
        ) as previous_type
    from in_sessions
),

-- A type that repeats at once is one step of the path.
steps as (
    select
        tenant_id,
        session_key,
        event_type,
        row_number() over (
            partition by tenant_id, session_key order by occurred_at, event_id
        ) as step
    from followed
    where previous_type is null or previous_type <> event_type
),

-- Eight columns joined by hand: a list cannot be joined in order on both engines alike.
spread as (
    select
        tenant_id,
        session_key,
        max(case when step = 1 then event_type end) as step_1,
        max(case when step = 2 then event_type end) as step_2,
        max(case when step = 3 then event_type end) as step_3,
        max(case when step = 4 then event_type end) as step_4,
        max(case when step = 5 then event_type end) as step_5,
        max(case when step = 6 then event_type end) as step_6,
        max(case when step = 7 then event_type end) as step_7,
        max(case when step = 8 then event_type end) as step_8
    from steps
    group by tenant_id, session_key
),

-- A step of the funnel is reached by an event of its type at or after the moment the step before
-- was first reached; so each CTE needs the moment that the one before it found.
reached_page_view as (
    select
        *,
        min(
            case when event_type = 'page_view' then occurred_at end
        ) over (partition by tenant_id, session_key) as page_view_at
    from in_sessions
),

reached_product_view as (
    select
        *,
        min(
            case
                when event_type = 'product_view' and occurred_at >= page_view_at
                    then occurred_at
            end
        ) over (partition by tenant_id, session_key) as product_view_at
    from reached_page_view
),

reached_add_to_cart as (
    select
        *,
        min(
            case
                when event_type = 'add_to_cart' and occurred_at >= product_view_at
                    then occurred_at
            end
        ) over (partition by tenant_id, session_key) as add_to_cart_at
    from reached_product_view
),

reached_checkout as (
    select
        *,
        min(
            case
                when event_type = 'checkout' and occurred_at >= add_to_cart_at
                    then occurred_at
            end
        ) over (partition by tenant_id, session_key) as checkout_at
    from reached_add_to_cart
),

reached_purchase as (
    select
        *,
        min(
            case
                when event_type = 'purchase' and occurred_at >= checkout_at
                    then occurred_at
            end
        ) over (partition by tenant_id, session_key) as purchase_at
    from reached_checkout
),

reached as (
    select
        tenant_id,
        session_key,
        max(page_view_at) as page_view_at,
        max(product_view_at) as product_view_at,
        max(add_to_cart_at) as add_to_cart_at,
        max(checkout_at) as checkout_at,
        max(purchase_at) as purchase_at
    from reached_purchase
    group by tenant_id, session_key
),

final as (
    select
        ---------- ids
        due.tenant_id,
        due.session_key,

        ---------- what the row was made of
        due.started_at,
        due.ended_at,
        due.events_fingerprint,

        ---------- texts
        spread.step_1
        || coalesce(' > ' || spread.step_2, '')
        || coalesce(' > ' || spread.step_3, '')
        || coalesce(' > ' || spread.step_4, '')
        || coalesce(' > ' || spread.step_5, '')
        || coalesce(' > ' || spread.step_6, '')
        || coalesce(' > ' || spread.step_7, '')
        || coalesce(' > ' || spread.step_8, '') as path,

        ---------- booleans
        reached.page_view_at is not null as reaches_page_view,
        reached.product_view_at is not null as reaches_product_view,
        reached.add_to_cart_at is not null as reaches_add_to_cart,
        reached.checkout_at is not null as reaches_checkout,
        reached.purchase_at is not null as reaches_purchase
    from due
    left join spread
        on
            due.tenant_id = spread.tenant_id
            and due.session_key = spread.session_key
    left join reached
        on
            due.tenant_id = reached.tenant_id
            and due.session_key = reached.session_key
)

select * from final
