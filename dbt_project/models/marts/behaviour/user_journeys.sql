with

sessions as (
    select * from {{ ref('fct_sessions') }}
),

by_path as (
    select
        tenant_id,
        path,
        count(*) as sessions
    from sessions
    group by tenant_id, path
),

ranked as (
    select
        tenant_id,
        path,
        row_number() over (
            partition by tenant_id order by sessions desc, path asc
        ) as place
    from by_path
),

named as (
    select
        sessions.tenant_id,
        sessions.session_key,
        sessions.is_converted,
        sessions.duration_seconds,
        case when ranked.place <= 50 then sessions.path else 'other' end as path
    from sessions
    inner join ranked
        on
            sessions.tenant_id = ranked.tenant_id
            and sessions.path = ranked.path
),

summed as (
    select
        tenant_id,
        path,
        count(*) as sessions,
        count(case when is_converted then session_key end) as converted,
        {{ mean_seconds('duration_seconds') }} as avg_duration_seconds
    from named
    group by tenant_id, path
),

compared as (
    select
        *,
        sum(sessions) over (partition by tenant_id) as tenant_sessions
    from summed
),

final as (
    select
        tenant_id,
        path,
        sessions,
        {{ ratio('sessions', 'tenant_sessions') }} as share,
        {{ ratio('converted', 'sessions') }} as conversion_rate,
        avg_duration_seconds
    from compared
)

select * from final
