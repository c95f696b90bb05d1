-- One row per tenant and path. A step is an event whose predecessor in the session is of another
-- type or missing.
with step as (
    select
        e.session_key,
        e.event_type,
        e.at,
        e.event_id
    from session_event as e
    where (
        select earlier.event_type
        from session_event as earlier
        where
            earlier.session_key = e.session_key
            and (earlier.at, earlier.event_id) < (e.at, e.event_id)
        order by earlier.at desc, earlier.event_id desc
        limit 1
    ) is distinct from e.event_type
),

journey as (
    select
        s.tenant_id,
        s.duration_seconds,
        s.purchases > 0 as has_bought,
        array_to_string(
            (array_agg(step.event_type order by step.at, step.event_id))[1:8], ' > '
        ) as path
    from session as s
    inner join step on s.session_key = step.session_key
    group by s.tenant_id, s.session_key, s.duration_seconds, s.purchases
),

frequency as materialized (
    select
        j.tenant_id,
        j.path,
        count(*) as sessions
    from journey as j
    group by j.tenant_id, j.path
),

named as (
    select
        j.*,
        case
            when (
                select count(*)
                from frequency as other
                where
                    other.tenant_id = f.tenant_id
                    and (
                        other.sessions > f.sessions
                        or (other.sessions = f.sessions and other.path collate "C" < f.path)
                    )
            ) < 50 then f.path
            else 'other'
        end as shown_path
    from frequency as f
    inner join journey as j on f.tenant_id = j.tenant_id and f.path = j.path
)

select
    n.tenant_id::text as tenant_id,
    n.shown_path as path,
    count(*) as sessions,
    count(*)::float8 / (
        select count(*) from session as s
        where s.tenant_id = n.tenant_id
    ) as share,
    avg(n.has_bought::int)::float8 as conversion_rate,
    avg(n.duration_seconds)::float8 as avg_duration_seconds
from named as n
group by n.tenant_id, n.shown_path
order by tenant_id, path
