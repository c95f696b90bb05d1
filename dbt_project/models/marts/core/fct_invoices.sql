with

invoices as (
    select * from {{ ref('stg_silver__invoices') }}
),

customers as (
    select * from {{ ref('stg_silver__customers') }}
),

joined as (
    select
        invoices.*,
        coalesce(customers.canonical_customer_id, invoices.customer_id) as counted_customer_id
    from invoices
    left join customers
        on
            invoices.tenant_id = customers.tenant_id
            and invoices.customer_id = customers.customer_id
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
