-- A tenant whose sessions by day, by path and one by one are not the same number.
with

sessions as (
    select
        tenant_id,
        count(*) as sessions
    from {{ ref('fct_sessions') }}
    group by tenant_id
),

days as (
    select
        tenant_id,
        sum(sessions) as sessions
    from {{ ref('session_metrics') }}
    group by tenant_id
),

paths as (
    select
        tenant_id,
        sum(sessions) as sessions
    from {{ ref('user_journeys') }}
    group by tenant_id
)

select
    sessions.*,
    days.sessions as sessions_by_day,
    paths.sessions as sessions_by_path
from sessions
left join days on sessions.tenant_id = days.tenant_id
left join paths on sessions.tenant_id = paths.tenant_id
where
    days.sessions is distinct from sessions.sessions
    or paths.sessions is distinct from sessions.sessions
