-- One row per subscription and month-end (for the current month: as_of_date) at which it is in
-- force, on trial or not.
select
    s.tenant_id::text as tenant_id,
    s.id::text as subscription_id,
    m.month::date as month,
    m.on_day as measured_on,
    s.customer_id::text as customer_id,
    terms.plan_name,
    terms.billing_cycle,
    terms.status as subscription_status,
    terms.status <> 'trial' as is_paying,
    case terms.status when 'trial' then 0 else terms.monthly_amount end::numeric(18, 2) as mrr
from core_subscription as s
cross join lateral (
    select
        start as month,
        least((start + interval '1 month')::date - 1, %(as_of_date)s::date) as on_day
    from generate_series(
        date_trunc('month', s.start_date::timestamp), %(as_of_date)s::date::timestamp, '1 month'
    ) as start
) as m
cross join lateral pg_temp.terms_on(s.id, m.on_day) as terms
where s.start_date <= m.on_day and (s.end_date > m.on_day) is not false
order by tenant_id, subscription_id, month
