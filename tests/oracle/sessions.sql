-- Sessions, made before each query as temporary tables: `session` and the events of each,
-- `session_event`. An event opens a session when the 30 minutes before it hold no other event of
-- the same session_id; every event belongs to the last one that was opened before it.
create temporary table session_event on commit drop as
with opening as (
    select e.*
    from core_event as e
    where not exists (
        select 1
        from core_event as earlier
        where
            earlier.tenant_id = e.tenant_id
            and earlier.session_id = e.session_id
            and (earlier.created_at, earlier.id) < (e.created_at, e.id)
            and earlier.created_at >= e.created_at - interval '30 minutes'
    )
)

select distinct on (e.id)
    e.tenant_id,
    e.id as event_id,
    e.event_type,
    e.customer_id,
    e.session_id,
    e.created_at at time zone 'UTC' as at,
    opening.id as session_key
from core_event as e
inner join opening
    on
        e.tenant_id = opening.tenant_id
        and e.session_id = opening.session_id
        and (opening.created_at, opening.id) <= (e.created_at, e.id)
order by e.id asc, opening.created_at desc, opening.id desc;

create temporary table session on commit drop as
select
    e.tenant_id,
    e.session_key,
    e.session_id,
    (
        array_agg(e.customer_id order by e.at desc, e.event_id desc)
        filter (where e.customer_id is not null)
    )[1] as customer_id,
    min(e.at) as started_at,
    max(e.at) as ended_at,
    extract(epoch from max(e.at) - min(e.at))::float8 as duration_seconds,
    count(*) as events,
    count(*) filter (where e.event_type = 'page_view') as page_views,
    count(*) filter (where e.event_type = 'add_to_cart') as add_to_cart,
    count(*) filter (where e.event_type = 'checkout') as checkouts,
    count(*) filter (where e.event_type = 'purchase') as purchases
from session_event as e
group by e.tenant_id, e.session_key, e.session_id
having min(e.at) < %(as_of_date)s::date + 1;

create index on session_event (session_key, at, event_id);
create index on session (tenant_id, session_id);
create index on session (customer_id);
analyze session_event;
analyze session;
