-- One row per tenant and day on which a session started.
select
    s.tenant_id::text as tenant_id,
    s.started_at::date as dt,
    count(*) as sessions,
    count(distinct coalesce(s.customer_id::text, s.session_id)) as unique_visitors,
    avg((s.customer_id is null)::int)::float8 as anonymous_share,
    avg(s.duration_seconds)::float8 as avg_duration_seconds,
    percentile_cont(0.5) within group (order by s.duration_seconds) as median_duration_seconds,
    avg(s.page_views)::float8 as pages_per_session,
    avg((s.page_views = 1 and s.events = 1)::int)::float8 as bounce_rate,
    avg((s.purchases > 0)::int)::float8 as conversion_rate,
    count(*) filter (where s.add_to_cart > 0) as carts_created,
    (avg((s.purchases = 0)::int) filter (where s.add_to_cart > 0))::float8
        as cart_abandonment_rate,
    (avg((s.purchases = 0)::int) filter (where s.checkouts > 0))::float8
        as checkout_abandonment_rate
from session as s
group by s.tenant_id, s.started_at::date
order by tenant_id, dt
