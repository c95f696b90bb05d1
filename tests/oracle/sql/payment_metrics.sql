-- One row per tenant and month in which at least one invoice (of any status) is dated.
-- The count and the amount are of all of them; only the success rate leaves out drafts, which were
-- never sent, and cancelled invoices, which are void.
with issue_month as (
    select distinct
        i.tenant_id,
        date_trunc('month', i.issue_date::timestamp)::date as month
    from core_invoice as i
    where i.issue_date <= %(as_of_date)s::date
),

-- The invoices that are still to be paid and how long they are past due; not yet due counts as 0.
outstanding as (
    select
        i.tenant_id,
        i.issue_date,
        i.amount,
        greatest(%(as_of_date)s::date - i.due_date, 0) as days_past_due
    from core_invoice as i
    where i.status in ('sent', 'overdue') and i.issue_date <= %(as_of_date)s::date
)

select
    m.tenant_id::text as tenant_id,
    m.month,
    billed.invoice_count,
    billed.invoiced_amount::numeric(18, 2) as invoiced_amount,
    billed.paid_count,
    billed.paid_amount::numeric(18, 2) as paid_amount,
    billed.paid_count::float8 / nullif(billed.issued_count, 0) as payment_success_rate,
    billed.overdue_count,
    billed.overdue_amount::numeric(18, 2) as overdue_amount,
    due.amount::numeric(18, 2) as outstanding_amount,
    paid_on_a_day.days::float8 / nullif(paid_on_a_day.invoices, 0) as avg_days_to_pay,
    paid_on_a_day.on_time::float8 / nullif(paid_on_a_day.invoices, 0) as on_time_rate,
    due.aging_0_30::numeric(18, 2) as aging_0_30,
    due.aging_31_60::numeric(18, 2) as aging_31_60,
    due.aging_61_90::numeric(18, 2) as aging_61_90,
    due.aging_over_90::numeric(18, 2) as aging_over_90,
    billed.cancelled_amount::numeric(18, 2) as cancelled_amount
from issue_month as m
cross join lateral (
    select
        count(*) as invoice_count,
        count(*) filter (where i.status not in ('draft', 'cancelled')) as issued_count,
        coalesce(sum(i.amount), 0) as invoiced_amount,
        count(*) filter (where i.status = 'paid') as paid_count,
        coalesce(sum(i.amount) filter (where i.status = 'paid'), 0) as paid_amount,
        count(*) filter (where i.status = 'overdue') as overdue_count,
        coalesce(sum(i.amount) filter (where i.status = 'overdue'), 0) as overdue_amount,
        coalesce(sum(i.amount) filter (where i.status = 'cancelled'), 0) as cancelled_amount
    from core_invoice as i
    where
        i.tenant_id = m.tenant_id
        and i.issue_date >= m.month
        and i.issue_date < m.month + interval '1 month'
        and i.issue_date <= %(as_of_date)s::date
) as billed
cross join lateral (
    -- Paid invoices whose day of payment is known; the others cannot be timed.
    select
        count(*) as invoices,
        sum(i.paid_date - i.issue_date) as days,
        count(*) filter (where i.paid_date <= i.due_date) as on_time
    from core_invoice as i
    where
        i.tenant_id = m.tenant_id
        and i.issue_date >= m.month
        and i.issue_date < m.month + interval '1 month'
        and i.issue_date <= %(as_of_date)s::date
        and i.status = 'paid'
        and i.paid_date is not null
) as paid_on_a_day
cross join lateral (
    select
        coalesce(sum(o.amount), 0) as amount,
        coalesce(sum(o.amount) filter (where o.days_past_due <= 30), 0) as aging_0_30,
        coalesce(sum(o.amount) filter (where o.days_past_due between 31 and 60), 0)
            as aging_31_60,
        coalesce(sum(o.amount) filter (where o.days_past_due between 61 and 90), 0)
            as aging_61_90,
        coalesce(sum(o.amount) filter (where o.days_past_due > 90), 0) as aging_over_90
    from outstanding as o
    where
        o.tenant_id = m.tenant_id
        and o.issue_date >= m.month
        and o.issue_date < m.month + interval '1 month'
) as due
order by tenant_id, month
