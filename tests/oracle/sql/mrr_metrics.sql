-- One row per tenant and month, from the month of the tenant's first subscription (of any status).
-- A customer's MRR is taken at the end of the month before and at the end of the month (for the
-- current month: on as_of_date); the pair decides which movement the month was for that customer.
with first_month as (
    select
        s.tenant_id,
        date_trunc('month', min(s.start_date)::timestamp) as month
    from core_subscription as s
    group by s.tenant_id
),

period as (
    select
        f.tenant_id,
        f.month::date as first_month,
        m::date as month,
        m::date - 1 as opened_on,
        least((m + interval '1 month')::date - 1, %(as_of_date)s::date) as closed_on
    from first_month as f
    cross join lateral generate_series(
        f.month, %(as_of_date)s::date::timestamp, interval '1 month'
    ) as m
),

customer as (
    select distinct
        s.tenant_id,
        s.customer_id
    from core_subscription as s
),

standing as (
    select
        period.*,
        customer.customer_id,
        (
            select coalesce(sum(terms.monthly_amount), 0)
            from core_subscription as s
            cross join lateral pg_temp.terms_on(s.id, period.opened_on) as terms
            where
                s.tenant_id = period.tenant_id
                and s.customer_id = customer.customer_id
                and terms.status <> 'trial'
                and s.start_date <= period.opened_on
                and (s.end_date is null or s.end_date > period.opened_on)
        ) as before,
        (
            select coalesce(sum(terms.monthly_amount), 0)
            from core_subscription as s
            cross join lateral pg_temp.terms_on(s.id, period.closed_on) as terms
            where
                s.tenant_id = period.tenant_id
                and s.customer_id = customer.customer_id
                and terms.status <> 'trial'
                and s.start_date <= period.closed_on
                and (s.end_date is null or s.end_date > period.closed_on)
        ) as after
    from period
    inner join customer on period.tenant_id = customer.tenant_id
),

movement as (
    select
        standing.*,
        case
            when before = 0 and after > 0 then
                case
                    when exists (
                        -- The end of some month before the one that this month starts from.
                        select 1
                        from generate_series(
                            first_month::timestamp, opened_on::timestamp, interval '1 month'
                        ) as m
                        cross join lateral (
                            select (m + interval '1 month')::date - 1 as on_day
                        ) as past
                        inner join core_subscription as s
                            on
                                s.start_date <= past.on_day
                                and (s.end_date is null or s.end_date > past.on_day)
                        cross join lateral pg_temp.terms_on(s.id, past.on_day) as terms
                        where
                            s.tenant_id = standing.tenant_id
                            and s.customer_id = standing.customer_id
                            and terms.status <> 'trial'
                            and terms.monthly_amount > 0
                    ) then 'reactivation'
                    else 'new'
                end
            when before > 0 and after = 0 then 'churn'
            when after > before then 'expansion'
            when after < before then 'contraction'
        end as kind
    from standing
),

month_total as (
    select
        tenant_id,
        month,
        sum(before) as starting,
        sum(after) as ending,
        coalesce(sum(after) filter (where kind = 'new'), 0) as new,
        coalesce(sum(after) filter (where kind = 'reactivation'), 0) as reactivation,
        coalesce(sum(after - before) filter (where kind = 'expansion'), 0) as expansion,
        coalesce(sum(before - after) filter (where kind = 'contraction'), 0) as contraction,
        coalesce(sum(before) filter (where kind = 'churn'), 0) as churned,
        count(*) filter (where before > 0) as opening_customers,
        count(*) filter (where after > 0) as paying_customers,
        count(*) filter (where kind = 'new') as new_customers,
        count(*) filter (where kind = 'churn') as churned_customers
    from movement
    group by tenant_id, month
)

select
    tenant_id::text as tenant_id,
    month,
    starting::numeric(18, 2) as starting_mrr,
    new::numeric(18, 2) as new_mrr,
    expansion::numeric(18, 2) as expansion_mrr,
    contraction::numeric(18, 2) as contraction_mrr,
    churned::numeric(18, 2) as churned_mrr,
    reactivation::numeric(18, 2) as reactivation_mrr,
    ending::numeric(18, 2) as ending_mrr,
    (ending * 12)::numeric(18, 2) as arr,
    paying_customers,
    new_customers,
    churned_customers,
    churned_customers::float8 / nullif(opening_customers, 0) as customer_churn_rate,
    (churned + contraction)::float8 / nullif(starting, 0)::float8 as gross_mrr_churn_rate,
    (churned + contraction - expansion)::float8 / nullif(starting, 0)::float8
        as net_mrr_churn_rate,
    (starting + expansion - contraction - churned)::float8 / nullif(starting, 0)::float8 as nrr,
    (starting - contraction - churned)::float8 / nullif(starting, 0)::float8 as grr,
    round(ending / nullif(paying_customers, 0), 2)::numeric(18, 2) as arpa
from month_total
order by tenant_id, month
