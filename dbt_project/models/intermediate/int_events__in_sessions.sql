-- The sessions of one session_id do not overlap, so an event lies in exactly one of them.
with

events as (
    select * from {{ ref('stg_silver__events') }}
),

sessions as (
    select * from {{ ref('stg_silver__sessions') }}
),

joined as (
    select
        events.tenant_id,
        events.event_id,
        sessions.session_key,
        events.event_type,
        events.occurred_at
    from events
    inner join sessions
        on
            events.tenant_id = sessions.tenant_id
            and events.session_id = sessions.session_id
            and events.occurred_at between sessions.started_at and sessions.ended_at
)

select * from joined
