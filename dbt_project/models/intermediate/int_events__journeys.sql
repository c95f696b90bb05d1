-- The path of a session: its event types in order, a type that repeats at once taken as one step.
with

events as (
    select * from {{ ref('int_events__in_sessions') }}
),

followed as (
    select
        *,
        lag(event_type) over (
            partition by tenant_id, session_key order by occurred_at, event_id
        ) as previous_type
    from events
),

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

joined as (
    select
        tenant_id,
        session_key,
        step_1
        || coalesce(' > ' || step_2, '')
        || coalesce(' > ' || step_3, '')
        || coalesce(' > ' || step_4, '')
        || coalesce(' > ' || step_5, '')
        || coalesce(' > ' || step_6, '')
        || coalesce(' > ' || step_7, '')
        || coalesce(' > ' || step_8, '') as path
    from spread
)

select * from joined
