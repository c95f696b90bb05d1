-- Each customer's MRR at the end of every month since the first subscription; 0 when none pays.
with

subscriptions as (
    select * from {{ ref('int_subscriptions__started') }}
),

subscription_months as (
    select * from {{ ref('int_subscriptions__months') }}
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

paid as (
    select
        tenant_id,
        customer_id,
        month,
        sum(mrr) as mrr
    from subscription_months
    group by tenant_id, customer_id, month
),

joined as (
    select
        months.tenant_id,
        months.customer_id,
        months.month,
        {{ money('coalesce(paid.mrr, 0)') }} as mrr
    from months
    left join paid
        on
            months.tenant_id = paid.tenant_id
            and months.customer_id = paid.customer_id
            and months.month = paid.month
)

select * from joined
