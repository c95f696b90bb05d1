-- The one place that says what a subscription is worth at a month-end.
with

subscriptions as (
    select * from {{ ref('int_subscriptions__started') }}
),

terms as (
    select * from {{ ref('int_subscriptions__terms') }}
),

months as (
    select
        subscriptions.*,
        cast(calendar.calendar_month as date) as month
    from subscriptions
    cross join unnest(
        {{ date_sequence(month_start('started_on'), month_start(as_of_date()), 'month') }}
    ) as calendar (calendar_month)
),

measured as (
    select
        *,
        -- The current month is measured at as_of_date.
        least({{ month_end('month') }}, {{ as_of_date() }}) as measured_on
    from months
),

in_force as (
    select
        *,
        -- The end of that day: what changed during it applies.
        cast({{ days_after('measured_on', 1) }} as timestamp(6)) as measured_until
    from measured
    where ended_on is null or ended_on > measured_on
),

judged as (
    select
        in_force.tenant_id,
        in_force.subscription_id,
        in_force.month,
        in_force.measured_on,
        in_force.customer_id,
        terms.plan_name,
        terms.billing_cycle,
        terms.subscription_status,
        terms.subscription_status <> 'trial' as is_paying,
        case
            when terms.subscription_status <> 'trial' then {{ money('terms.monthly_amount') }}
            else {{ money('0') }}
        end as mrr
    from in_force
    inner join terms
        on
            in_force.tenant_id = terms.tenant_id
            and in_force.subscription_id = terms.subscription_id
            and (terms.applies_from is null or in_force.measured_until > terms.applies_from)
            and (terms.applies_until is null or in_force.measured_until <= terms.applies_until)
)

select * from judged
