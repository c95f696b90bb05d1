-- One row per customer who was created up to as_of_date, with or without a session.
select
    c.tenant_id::text as tenant_id,
    c.id::text as customer_id,
    visits.sessions as sessions_30d,
    visits.events as events_30d,
    visits.purchases as purchases_30d,
    visits.days_ago::bigint as days_since_last_session,
    point.recency::bigint as recency_score,
    point.frequency::bigint as frequency_score,
    point.depth::bigint as depth_score,
    floor(0.4 * point.recency + 0.4 * point.frequency + 0.2 * point.depth)::bigint
        as engagement_score,
    case
        when visits.sessions = 0 then 'inactive'
        when 0.4 * point.recency + 0.4 * point.frequency + 0.2 * point.depth < 30 then 'low'
        when 0.4 * point.recency + 0.4 * point.frequency + 0.2 * point.depth < 60 then 'medium'
        else 'high'
    end as engagement_tier
from core_customer as c
cross join lateral (
    select
        count(*) filter (where s.days_ago < 30) as sessions,
        coalesce(sum(s.events) filter (where s.days_ago < 30), 0)::bigint as events,
        coalesce(sum(s.purchases) filter (where s.days_ago < 30), 0)::bigint as purchases,
        min(s.days_ago) as days_ago
    from (
        select
            session.*,
            %(as_of_date)s::date - session.started_at::date as days_ago
        from session
        where session.customer_id = c.id and session.tenant_id = c.tenant_id
    ) as s
) as visits
cross join lateral (
    select
        greatest(floor(100 * (30 - coalesce(visits.days_ago, 30)) / 30.0), 0) as recency,
        10 * least(visits.sessions, 10) as frequency,
        least(coalesce(floor(10.0 * visits.events / nullif(visits.sessions, 0)), 0), 100)
            as depth
) as point
where c.created_at < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
order by tenant_id, customer_id
