-- One row per tenant and UTC hour with at least one event of any type: its events, and how far the
-- sessions came that started in it. A step is reached by an event of its type that does not come
-- before the first moment of the step before.
with busy_hour as (
    select
        e.tenant_id,
        date_trunc('hour', e.created_at at time zone 'UTC') as starts_at,
        count(*) filter (where e.event_type = 'page_view') as page_views,
        count(*) filter (where e.event_type = 'product_view') as product_views,
        count(*) filter (where e.event_type = 'add_to_cart') as add_to_cart,
        count(*) filter (where e.event_type = 'checkout') as checkouts,
        count(*) filter (where e.event_type = 'purchase') as purchases
    from core_event as e
    where e.created_at < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
    group by e.tenant_id, date_trunc('hour', e.created_at at time zone 'UTC')
),

seen_page as (
    select e.session_key, min(e.at) as at
    from session_event as e
    where e.event_type = 'page_view'
    group by e.session_key
),

seen_product as (
    select e.session_key, min(e.at) as at
    from session_event as e
    inner join seen_page as step on e.session_key = step.session_key and e.at >= step.at
    where e.event_type = 'product_view'
    group by e.session_key
),

filled_cart as (
    select e.session_key, min(e.at) as at
    from session_event as e
    inner join seen_product as step on e.session_key = step.session_key and e.at >= step.at
    where e.event_type = 'add_to_cart'
    group by e.session_key
),

checked_out as (
    select e.session_key, min(e.at) as at
    from session_event as e
    inner join filled_cart as step on e.session_key = step.session_key and e.at >= step.at
    where e.event_type = 'checkout'
    group by e.session_key
),

bought as (
    select e.session_key, min(e.at) as at
    from session_event as e
    inner join checked_out as step on e.session_key = step.session_key and e.at >= step.at
    where e.event_type = 'purchase'
    group by e.session_key
),

progress as (
    select
        s.tenant_id,
        date_trunc('hour', s.started_at) as starts_at,
        count(*) as started,
        count(*) filter (where s.session_key in (select session_key from seen_page)) as step_1,
        count(*) filter (where s.session_key in (select session_key from seen_product)) as step_2,
        count(*) filter (where s.session_key in (select session_key from filled_cart)) as step_3,
        count(*) filter (where s.session_key in (select session_key from checked_out)) as step_4,
        count(*) filter (where s.session_key in (select session_key from bought)) as step_5
    from session as s
    group by s.tenant_id, date_trunc('hour', s.started_at)
)

select
    busy_hour.tenant_id::text as tenant_id,
    busy_hour.starts_at as hour,
    busy_hour.page_views,
    busy_hour.product_views,
    busy_hour.add_to_cart,
    busy_hour.checkouts,
    busy_hour.purchases,
    coalesce(p.started, 0) as sessions_started,
    coalesce(p.step_1, 0) as sessions_reaching_page_view,
    coalesce(p.step_2, 0) as sessions_reaching_product_view,
    coalesce(p.step_3, 0) as sessions_reaching_add_to_cart,
    coalesce(p.step_4, 0) as sessions_reaching_checkout,
    coalesce(p.step_5, 0) as sessions_reaching_purchase,
    p.step_1::float8 / nullif(p.started, 0) as page_view_conversion_rate,
    p.step_2::float8 / nullif(p.step_1, 0) as product_view_conversion_rate,
    p.step_3::float8 / nullif(p.step_2, 0) as add_to_cart_conversion_rate,
    p.step_4::float8 / nullif(p.step_3, 0) as checkout_conversion_rate,
    p.step_5::float8 / nullif(p.step_4, 0) as purchase_conversion_rate,
    p.step_5::float8 / nullif(p.started, 0) as overall_conversion_rate
from busy_hour
left join progress as p
    on busy_hour.tenant_id = p.tenant_id and busy_hour.starts_at = p.starts_at
order by tenant_id, hour
