-- One row per tenant. What is dated later than as_of_date is in no number.
select
    t.id::text as tenant_id,
    t.name as tenant_name,
    nullif(lower(btrim(t.settings ->> 'plan')), '') as plan,
    case
        when translate(lower(t.settings ->> 'tier'), '- ', '__') = any(
            array['enterprise', 'mid_market', 'small']
        ) then translate(lower(t.settings ->> 'tier'), '- ', '__')
    end as tier,
    t.is_active,
    (
        select count(*)
        from core_customer as c
        where
            c.tenant_id = t.id
            and c.created_at < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
    ) as customer_count,
    (
        select count(distinct o.customer_id)
        from core_order as o
        where
            o.tenant_id = t.id
            and o.status = 'completed'
            and o.order_date >= (%(as_of_date)s::date - 29)::timestamp at time zone 'UTC'
            and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
    ) as active_customers_30d,
    (select count(*) from core_product as p where p.tenant_id = t.id) as product_count,
    placed.order_count,
    completed.order_count as completed_order_count,
    completed.revenue::numeric(18, 2) as total_revenue,
    round(completed.revenue / nullif(completed.order_count, 0), 2)::numeric(18, 2)
        as avg_order_value,
    (select count(*) from session as s where s.tenant_id = t.id) as session_count,
    in_force.subscription_count as active_subscription_count,
    in_force.mrr::numeric(18, 2) as mrr,
    (in_force.mrr * 12)::numeric(18, 2) as arr,
    billed.invoiced::numeric(18, 2) as invoiced_amount,
    billed.paid::numeric(18, 2) as paid_amount,
    billed.outstanding::numeric(18, 2) as outstanding_amount,
    placed.first_at at time zone 'UTC' as first_order_at,
    placed.last_at at time zone 'UTC' as last_order_at
from core_tenant as t
cross join lateral (
    select
        count(*) as order_count,
        min(o.order_date) as first_at,
        max(o.order_date) as last_at
    from core_order as o
    where
        o.tenant_id = t.id
        and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
) as placed
cross join lateral (
    select
        count(*) as order_count,
        coalesce(sum(o.subtotal + o.tax + o.shipping), 0) as revenue
    from core_order as o
    where
        o.tenant_id = t.id
        and o.status = 'completed'
        and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
) as completed
cross join lateral (
    -- The same subscriptions as mrr_metrics counts on as_of_date, so that the two marts agree.
    select
        count(*) as subscription_count,
        coalesce(sum(terms.monthly_amount), 0) as mrr
    from core_subscription as s
    cross join lateral pg_temp.terms_on(s.id, %(as_of_date)s::date) as terms
    where
        s.tenant_id = t.id
        and terms.status <> 'trial'
        and s.start_date <= %(as_of_date)s::date
        and (s.end_date is null or s.end_date > %(as_of_date)s::date)
) as in_force
cross join lateral (
    select
        coalesce(sum(i.amount), 0) as invoiced,
        coalesce(sum(i.amount) filter (where i.status = 'paid'), 0) as paid,
        coalesce(sum(i.amount) filter (where i.status in ('sent', 'overdue')), 0) as outstanding
    from core_invoice as i
    where i.tenant_id = t.id and i.issue_date <= %(as_of_date)s::date
) as billed
order by tenant_id
