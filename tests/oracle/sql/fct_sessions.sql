-- One row per session that began up to as_of_date. Its key is the session_id and the number of the
-- visit; its path is spelt from the events whose predecessor is of another type or missing.
select
    s.tenant_id::text as tenant_id,
    s.session_id || '-' || (
        select count(*)
        from session as visit
        where
            visit.tenant_id = s.tenant_id
            and visit.session_id = s.session_id
            and visit.started_at <= s.started_at
    ) as session_key,
    s.session_id,
    s.customer_id::text as customer_id,
    s.started_at,
    s.ended_at,
    s.started_at::date as started_on,
    s.duration_seconds,
    s.events as event_count,
    s.page_views,
    other.product_views,
    other.searches,
    other.clicks,
    s.add_to_cart,
    s.checkouts,
    s.purchases,
    walked.path,
    s.events = 1 and s.page_views = 1 as is_bounce,
    s.purchases > 0 as is_converted,
    coalesce(s.customer_id::text, s.session_id) as visitor_id
from session as s
cross join lateral (
    select
        count(*) filter (where e.event_type = 'product_view') as product_views,
        count(*) filter (where e.event_type = 'search') as searches,
        count(*) filter (where e.event_type = 'click') as clicks
    from session_event as e
    where e.session_key = s.session_key
) as other
cross join lateral (
    select
        array_to_string(
            (array_agg(e.event_type order by e.at, e.event_id))[1:8], ' > '
        ) as path
    from session_event as e
    where
        e.session_key = s.session_key
        and e.event_type is distinct from (
            select earlier.event_type
            from session_event as earlier
            where
                earlier.session_key = e.session_key
                and (earlier.at, earlier.event_id) < (e.at, e.event_id)
            order by earlier.at desc, earlier.event_id desc
            limit 1
        )
) as walked
order by tenant_id, session_key
