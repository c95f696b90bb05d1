with

invoices as (
    select * from {{ ref('stg_silver__invoices') }}
),

customers as (
    select * from {{ ref('stg_silver__customers') }}
),

terms as (
    select * from {{ ref('int_subscriptions__terms') }}
),

-- An invoice may follow any terms that applied at some time of its day of issue.
agreed as (
    select
        invoices.tenant_id,
        invoices.invoice_id,
        bool_or(
            invoices.amount
            = terms.monthly_amount * case terms.billing_cycle when 'yearly' then 12 else 1 end
        ) as has_agreed_amount
    from invoices
    inner join terms
        on
            invoices.tenant_id = terms.tenant_id
            and invoices.subscription_id = terms.subscription_id
            and (
                terms.applies_from is null
                or terms.applies_from
                < cast({{ days_after('invoices.issued_on', 1) }} as timestamp(6))
            )
            and (
                terms.applies_until is null
                or terms.applies_until > cast(invoices.issued_on as timestamp(6))
            )
    group by invoices.tenant_id, invoices.invoice_id
),

joined as (
    select
        invoices.*,
        agreed.has_agreed_amount,
        coalesce(customers.canonical_customer_id, invoices.customer_id) as counted_customer_id
    from invoices
    left join customers
        on
            invoices.tenant_id = customers.tenant_id
            and invoices.customer_id = customers.customer_id
    left join agreed
        on
            invoices.tenant_id = agreed.tenant_id
            and invoices.invoice_id = agreed.invoice_id
    where invoices.issued_on <= {{ as_of_date() }}
),

final as (
    select
        ---------- ids
        tenant_id,
        invoice_id,
        counted_customer_id as customer_id,
        subscription_id,

        ---------- texts
        invoice_number,
        invoice_status,
        case
            when invoice_status = 'paid' and paid_on is null then 'paid_without_date'
            when invoice_status <> 'paid' and paid_on is not null then 'date_without_paid_status'
            when not has_agreed_amount then 'amount_mismatch'
            when
                invoice_status = 'sent' and due_on < {{ as_of_date() }}
                then 'overdue_not_flagged'
            else 'ok'
        end as reconciliation_status,

        ---------- dates
        issued_on,
        due_on,
        paid_on,

        ---------- numerics
        amount,
        case
            when invoice_status = 'paid' then date_diff('day', issued_on, paid_on)
        end as days_to_pay,
        case
            when
                invoice_status in ('sent', 'overdue')
                then greatest(date_diff('day', due_on, {{ as_of_date() }}), 0)
        end as days_past_due,

        ---------- booleans
        invoice_status = 'paid' as is_paid,
        invoice_status in ('sent', 'overdue') as is_outstanding,
        case
            when invoice_status = 'paid' then paid_on <= due_on
        end as was_on_time
    from joined
)

select * from final
