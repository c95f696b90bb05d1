-- A visit begins with an event that comes more than 30 minutes after the one before it with the
-- same session_id; the id keeps events of one instant in one order.
with

events as (
    select * from {{ ref('stg_silver__events') }}
),

followed as (
    select
        *,
        lag(occurred_at) over (
            partition by tenant_id, session_id order by occurred_at, event_id
        ) as previous_at
    from events
),

opened as (
    select
        *,
        case
            when previous_at is null then event_id
            when previous_at + interval '30' minute < occurred_at then event_id
        end as opening_event_id
    from followed
),

-- Every event belongs to the visit that was opened last.
numbered as (
    select
        *,
        count(opening_event_id) over (
            partition by tenant_id, session_id order by occurred_at, event_id
            rows between unbounded preceding and current row
        ) as visit_number
    from opened
),

keyed as (
    select
        tenant_id,
        event_id,
        session_id,
        customer_id,
        event_type,
        occurred_at,
        max(opening_event_id) over (
            partition by tenant_id, session_id, visit_number
        ) as session_key
    from numbered
)

select * from keyed
