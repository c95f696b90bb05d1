-- Each customer's MRR at the end of every month since the first subscription; 0 when none pays.
with

subscriptions as (
    select * from {{ ref('int_subscriptions__started') }}
),

first_months as (
    select
        tenant_id,
        customer_id,
        {{ month_start('min(started_on)') }} as first_month
    from subscriptions
    group by tenant_id, customer_id
),

months as (
    select
        first_months.tenant_id,
        first_months.customer_id,
        cast(calendar.calendar_month as date) as month
    from first_months
    cross join unnest(
        {{ date_sequence('first_month', month_start(as_of_date()), 'month') }}
    ) as calendar (calendar_month)
),

measured as (
    select
        tenant_id,
        customer_id,
        month,
        -- The current month is measured at as_of_date.
        least({{ month_end('month') }}, {{ as_of_date() }}) as measured_on
    from months
),

paying as (
    select
        measured.tenant_id,
        measured.customer_id,
        measured.month,
        sum(subscriptions.monthly_amount) as mrr
    from measured
    inner join subscriptions
        on
            measured.tenant_id = subscriptions.tenant_id
            and measured.customer_id = subscriptions.customer_id
    where {{ is_paying_on('measured.measured_on') }}
    group by measured.tenant_id, measured.customer_id, measured.month
),

joined as (
    select
        measured.tenant_id,
        measured.customer_id,
        measured.month,
        {{ money('coalesce(paying.mrr, 0)') }} as mrr
    from measured
    left join paying
        on
            measured.tenant_id = paying.tenant_id
            and measured.customer_id = paying.customer_id
            and measured.month = paying.month
)

select * from joined
