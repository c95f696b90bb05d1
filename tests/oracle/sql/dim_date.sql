-- One row per day, from the month of the first thing that counts to the month of as_of_date.
with happened as (
    select (o.order_date at time zone 'UTC')::date as on_day from core_order as o
    union all
    select (c.created_at at time zone 'UTC')::date from core_customer as c
    union all
    select (e.created_at at time zone 'UTC')::date from core_event as e
    union all
    select s.start_date from core_subscription as s
    union all
    select i.issue_date from core_invoice as i
    union all
    select %(as_of_date)s::date
),

day as (
    select d::date as dt
    from generate_series(
        (
            select date_trunc('month', min(h.on_day)::timestamp)
            from happened as h
            where h.on_day <= %(as_of_date)s::date
        ),
        date_trunc('month', %(as_of_date)s::date::timestamp) + interval '1 month - 1 day',
        interval '1 day'
    ) as d
)

select
    day.dt,
    to_char(day.dt, 'YYYY')::int as calendar_year,
    to_char(day.dt, 'Q')::int as calendar_quarter,
    to_char(day.dt, 'MM')::int as calendar_month,
    to_char(day.dt, 'DD')::int as day_of_month,
    to_char(day.dt, 'ID')::int as day_of_week,
    to_char(day.dt, 'ID') in ('6', '7') as is_weekend,
    day.dt - to_char(day.dt, 'ID')::int + 1 as week_start,
    make_date(to_char(day.dt, 'YYYY')::int, to_char(day.dt, 'MM')::int, 1) as month_start,
    (to_char(day.dt, 'YYYY-MM-01')::date + interval '1 month')::date - 1 as month_end,
    make_date(
        to_char(day.dt, 'YYYY')::int, 3 * to_char(day.dt, 'Q')::int - 2, 1
    ) as quarter_start
from day
order by day.dt
