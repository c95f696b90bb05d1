-- One row per tenant and UTC hour with at least one event of any type.
with busy_hour as (
    select distinct
        e.tenant_id,
        date_trunc('hour', e.created_at at time zone 'UTC') as starts_at
    from core_event as e
    where e.created_at < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
)

select
    busy_hour.tenant_id::text as tenant_id,
    busy_hour.starts_at as hour,
    seen.page_views,
    seen.product_views,
    seen.add_to_cart,
    seen.checkouts,
    seen.purchases
from busy_hour
cross join lateral (
    select
        count(*) filter (where e.event_type = 'page_view') as page_views,
        count(*) filter (where e.event_type = 'product_view') as product_views,
        count(*) filter (where e.event_type = 'add_to_cart') as add_to_cart,
        count(*) filter (where e.event_type = 'checkout') as checkouts,
        count(*) filter (where e.event_type = 'purchase') as purchases
    from core_event as e
    where
        e.tenant_id = busy_hour.tenant_id
        and e.created_at >= busy_hour.starts_at at time zone 'UTC'
        and e.created_at < (busy_hour.starts_at + interval '1 hour') at time zone 'UTC'
) as seen
order by tenant_id, hour
