-- One row per invoice issued up to as_of_date, as it stands on that day. An amount is agreed when
-- it follows from any terms of the subscription that held at some time of the day of issue.
select
    i.tenant_id::text as tenant_id,
    i.id::text as invoice_id,
    i.customer_id::text as customer_id,
    i.subscription_id::text as subscription_id,
    i.invoice_number,
    i.status as invoice_status,
    case
        when i.status = 'paid' and i.paid_date is null then 'paid_without_date'
        when i.status <> 'paid' and i.paid_date is not null then 'date_without_paid_status'
        when i.amount <> all(agreed.amounts) then 'amount_mismatch'
        when i.status = 'sent' and %(as_of_date)s::date > i.due_date then 'overdue_not_flagged'
        else 'ok'
    end as reconciliation_status,
    i.issue_date as issued_on,
    i.due_date as due_on,
    i.paid_date as paid_on,
    i.amount::numeric(18, 2) as amount,
    case i.status when 'paid' then i.paid_date - i.issue_date end as days_to_pay,
    case
        when i.status in ('sent', 'overdue') then greatest(%(as_of_date)s::date - i.due_date, 0)
    end as days_past_due,
    i.status = 'paid' as is_paid,
    i.status in ('sent', 'overdue') as is_outstanding,
    case i.status when 'paid' then i.paid_date <= i.due_date end as was_on_time
from core_invoice as i
cross join lateral (
    select
        array_agg(
            v.monthly_amount * case v.billing_cycle when 'yearly' then 12 else 1 end
        ) as amounts
    from subscription_version as v
    where
        v.id = i.subscription_id
        -- Known before the day was over, or the first that is known at all.
        and (
            v.written_at < (i.issue_date + 1)::timestamp at time zone 'UTC'
            or not exists (
                select from subscription_version as first
                where first.id = v.id and first.number < v.number
            )
        )
        -- Not replaced before the day began.
        and not exists (
            select from subscription_version as next
            where
                next.id = v.id
                and next.number > v.number
                and next.written_at <= i.issue_date::timestamp at time zone 'UTC'
        )
) as agreed
where i.issue_date <= %(as_of_date)s::date
order by tenant_id, invoice_id
