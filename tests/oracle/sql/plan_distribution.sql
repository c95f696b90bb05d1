-- One row per tenant, month-end, plan and billing cycle with a subscription that pays on that day
-- (for the current month: on as_of_date).
with first_month as (
    select
        s.tenant_id,
        date_trunc('month', min(s.start_date)::timestamp) as month
    from core_subscription as s
    group by s.tenant_id
),

month_end as (
    select
        f.tenant_id,
        m::date as month,
        least((m + interval '1 month')::date - 1, %(as_of_date)s::date) as on_day
    from first_month as f
    cross join lateral generate_series(
        f.month, %(as_of_date)s::date::timestamp, interval '1 month'
    ) as m
)

select
    e.tenant_id::text as tenant_id,
    e.month,
    terms.plan_name,
    terms.billing_cycle,
    count(*) as subscriptions,
    count(distinct s.customer_id) as customers,
    sum(terms.monthly_amount)::numeric(18, 2) as mrr,
    sum(terms.monthly_amount)::float8 / nullif(
        (
            select sum(theirs.monthly_amount)
            from core_subscription as every
            cross join lateral pg_temp.terms_on(every.id, e.on_day) as theirs
            where
                every.tenant_id = e.tenant_id
                and theirs.status <> 'trial'
                and every.start_date <= e.on_day
                and (every.end_date is null or every.end_date > e.on_day)
        ), 0
    )::float8 as mrr_share
from month_end as e
inner join core_subscription as s on e.tenant_id = s.tenant_id
cross join lateral pg_temp.terms_on(s.id, e.on_day) as terms
where
    terms.status <> 'trial'
    and s.start_date <= e.on_day
    and (s.end_date is null or s.end_date > e.on_day)
group by e.tenant_id, e.month, e.on_day, terms.plan_name, terms.billing_cycle
order by tenant_id, month, plan_name, billing_cycle
