-- The one place that says what a subscription is worth at a month-end.
with

subscriptions as (
    select * from {{ ref('int_subscriptions__started') }}
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

judged as (
    select
        tenant_id,
        subscription_id,
        month,
        measured_on,
        customer_id,
        plan_name,
        billing_cycle,
        subscription_status,
        {{ is_paying_on('measured_on') }} as is_paying,
        {{ money('case when ' ~ is_paying_on('measured_on') ~ ' then monthly_amount else 0 end') }}
            as mrr
    from measured
    where ended_on is null or ended_on > measured_on
)

select * from judged
