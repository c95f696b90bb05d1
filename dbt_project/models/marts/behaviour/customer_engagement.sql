with

customers as (
    select * from {{ ref('int_customers__counted') }}
),

sessions as (
    select
        *,
        started_on > {{ days_before(as_of_date(), 30) }} as is_recent
    from {{ ref('fct_sessions') }}
    where customer_id is not null
),

visited as (
    select
        tenant_id,
        customer_id,
        max(started_on) as last_visited_on,
        count(case when is_recent then session_key end) as sessions_30d,
        sum(case when is_recent then event_count else 0 end) as events_30d,
        sum(case when is_recent then purchases else 0 end) as purchases_30d
    from sessions
    group by tenant_id, customer_id
),

joined as (
    select
        customers.tenant_id,
        customers.customer_id,
        coalesce(visited.sessions_30d, 0) as sessions_30d,
        cast(coalesce(visited.events_30d, 0) as bigint) as events_30d,
        cast(coalesce(visited.purchases_30d, 0) as bigint) as purchases_30d,
        date_diff('day', visited.last_visited_on, {{ as_of_date() }}) as days_since_last_session
    from customers
    left join visited
        on
            customers.tenant_id = visited.tenant_id
            and customers.customer_id = visited.customer_id
),

-- Whole points, so that no tier hangs on a rounding.
scored as (
    select
        *,
        case
            when sessions_30d = 0 then 0
            else {{ integer_quotient('100 * (30 - days_since_last_session)', '30') }}
        end as recency_score,
        cast(10 * least(sessions_30d, 10) as bigint) as frequency_score,
        case
            when sessions_30d = 0 then 0
            else least({{ integer_quotient('10 * events_30d', 'sessions_30d') }}, 100)
        end as depth_score
    from joined
),

weighed as (
    select
        *,
        {{ integer_quotient(
            '40 * recency_score + 40 * frequency_score + 20 * depth_score', '100'
        ) }}
            as engagement_score
    from scored
),

final as (
    select
        tenant_id,
        customer_id,
        sessions_30d,
        events_30d,
        purchases_30d,
        days_since_last_session,
        cast(recency_score as bigint) as recency_score,
        frequency_score,
        cast(depth_score as bigint) as depth_score,
        engagement_score,
        case
            when sessions_30d = 0 then 'inactive'
            when engagement_score >= 60 then 'high'
            when engagement_score >= 30 then 'medium'
            else 'low'
        end as engagement_tier
    from weighed
)

select * from final
