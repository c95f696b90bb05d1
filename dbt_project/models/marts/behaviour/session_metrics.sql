with

sessions as (
    select * from {{ ref('fct_sessions') }}
),

ordered as (
    select
        *,
        count(*) over (partition by tenant_id, started_on) as sessions_of_day,
        row_number() over (
            partition by tenant_id, started_on order by duration_seconds, session_key
        ) as place_by_duration
    from sessions
),

by_day as (
    select
        tenant_id,
        started_on as dt,
        count(*) as sessions,
        count(distinct visitor_id) as unique_visitors,
        count(case when customer_id is null then session_key end) as anonymous_sessions,
        {{ mean_seconds('duration_seconds') }} as avg_duration_seconds,
        -- The session in the middle, or the mean of the two.
        avg(
            case
                when
                    2 * place_by_duration between sessions_of_day and sessions_of_day + 2
                    then duration_seconds
            end
        ) as median_duration_seconds,
        sum(page_views) as page_views,
        count(case when is_bounce then session_key end) as bounces,
        count(case when is_converted then session_key end) as converted,
        count(case when add_to_cart > 0 then session_key end) as carts_created,
        count(case when add_to_cart > 0 and not is_converted then session_key end)
            as carts_abandoned,
        count(case when checkouts > 0 then session_key end) as checkouts_begun,
        count(case when checkouts > 0 and not is_converted then session_key end)
            as checkouts_abandoned
    from ordered
    group by tenant_id, started_on
),

final as (
    select
        tenant_id,
        dt,
        sessions,
        unique_visitors,
        {{ ratio('anonymous_sessions', 'sessions') }} as anonymous_share,
        avg_duration_seconds,
        median_duration_seconds,
        {{ ratio('page_views', 'sessions') }} as pages_per_session,
        {{ ratio('bounces', 'sessions') }} as bounce_rate,
        {{ ratio('converted', 'sessions') }} as conversion_rate,
        carts_created,
        {{ ratio('carts_abandoned', 'carts_created') }} as cart_abandonment_rate,
        {{ ratio('checkouts_abandoned', 'checkouts_begun') }} as checkout_abandonment_rate
    from by_day
)

select * from final
