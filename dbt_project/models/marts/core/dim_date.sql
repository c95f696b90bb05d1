-- Whole months, from that of the first dated fact to that of as_of_date.
with

starts as (
    select min(ordered_on) as first_on
    from {{ ref('int_orders__placed') }}
    union all
    select min(created_on) as first_on
    from {{ ref('int_customers__counted') }}
    union all
    select min(started_on) as first_on
    from {{ ref('int_subscriptions__started') }}
    union all
    select min(issued_on) as first_on
    from {{ ref('stg_silver__invoices') }}
    where issued_on <= {{ as_of_date() }}
    union all
    select min(started_on) as first_on
    from {{ ref('int_sessions__started') }}
    union all
    select {{ as_of_date() }} as first_on
),

borders as (
    select
        {{ month_start('min(first_on)') }} as first_on,
        {{ month_end(as_of_date()) }} as last_on
    from starts
),

days as (
    select cast(calendar.calendar_day as date) as dt
    from borders
    cross join unnest({{ date_sequence('first_on', 'last_on') }}) as calendar (calendar_day)
),

final as (
    select
        dt,
        cast(extract(year from dt) as integer) as calendar_year,
        cast(extract(quarter from dt) as integer) as calendar_quarter,
        cast(extract(month from dt) as integer) as calendar_month,
        cast(extract(day from dt) as integer) as day_of_month,
        -- The first of January 1900 was a Monday.
        cast(date_diff('day', date '1900-01-01', dt) % 7 + 1 as integer) as day_of_week,
        date_diff('day', date '1900-01-01', dt) % 7 >= 5 as is_weekend,
        cast(date_trunc('week', dt) as date) as week_start,
        {{ month_start('dt') }} as month_start,
        {{ month_end('dt') }} as month_end,
        {{ quarter_start('dt') }} as quarter_start
    from days
)

select * from final
