with

events as (
    select * from {{ ref('int_events__sessionized') }}
),

customers as (
    select * from {{ ref('stg_silver__customers') }}
),

-- Who was logged in last is the visitor.
logins as (
    select
        tenant_id,
        session_key,
        customer_id,
        row_number() over (
            partition by tenant_id, session_key order by occurred_at desc, event_id desc
        ) as logins_later
    from events
    where customer_id is not null
),

counted as (
    select
        tenant_id,
        session_key,
        session_id,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        count(*) as event_count,
        count(case when event_type = 'page_view' then event_id end) as page_views,
        count(case when event_type = 'product_view' then event_id end) as product_views,
        count(case when event_type = 'search' then event_id end) as searches,
        count(case when event_type = 'click' then event_id end) as clicks,
        count(case when event_type = 'add_to_cart' then event_id end) as add_to_cart,
        count(case when event_type = 'checkout' then event_id end) as checkouts,
        count(case when event_type = 'purchase' then event_id end) as purchases
    from events
    group by tenant_id, session_key, session_id
),

joined as (
    select
        counted.*,
        cast(counted.started_at as date) as started_on,
        coalesce(customers.canonical_customer_id, logins.customer_id) as customer_id,
        -- Both moments are cut to seconds: engines differ in how they count fractions.
        date_diff(
            'second',
            date_trunc('second', counted.started_at),
            date_trunc('second', counted.ended_at)
        ) as duration_seconds,
        counted.event_count = 1 and counted.page_views = 1 as is_bounce,
        counted.purchases > 0 as is_converted
    from counted
    left join logins
        on
            counted.tenant_id = logins.tenant_id
            and counted.session_key = logins.session_key
            and logins.logins_later = 1
    left join customers
        on
            logins.tenant_id = customers.tenant_id
            and logins.customer_id = customers.customer_id
    where cast(counted.started_at as date) <= {{ as_of_date() }}
)

select * from joined
