with

invoices as (
    select * from {{ ref('stg_silver__invoices') }}
),

judged as (
    select
        tenant_id,
        {{ month_start('issued_on') }} as month,
        amount,
        invoice_status,
        invoice_status = 'paid' as is_paid,
        invoice_status in ('sent', 'overdue') as is_outstanding,
        case when invoice_status = 'paid' then date_diff('day', issued_on, paid_on) end
            as days_to_pay,
        case
            when invoice_status = 'paid' and paid_on <= due_on then 1
            when invoice_status = 'paid' and paid_on > due_on then 0
        end as was_on_time,
        -- Negative before the due date.
        date_diff('day', due_on, {{ as_of_date() }}) as days_past_due
    from invoices
    where issued_on <= {{ as_of_date() }}
),

by_month as (
    select
        tenant_id,
        month,
        count(*) as invoice_count,
        sum(amount) as invoiced_amount,
        count(case when is_paid then 1 end) as paid_count,
        sum(case when is_paid then amount else 0 end) as paid_amount,
        count(case when invoice_status not in ('draft', 'cancelled') then 1 end) as issued_count,
        count(case when invoice_status = 'overdue' then 1 end) as overdue_count,
        sum(case when invoice_status = 'overdue' then amount else 0 end) as overdue_amount,
        sum(case when is_outstanding then amount else 0 end) as outstanding_amount,
        sum(days_to_pay) as days_to_pay,
        count(days_to_pay) as dated_payments,
        sum(was_on_time) as on_time_count,
        count(was_on_time) as judged_payments,
        sum(case when is_outstanding and days_past_due <= 30 then amount else 0 end)
            as aging_0_30,
        sum(case when is_outstanding and days_past_due between 31 and 60 then amount else 0 end)
            as aging_31_60,
        sum(case when is_outstanding and days_past_due between 61 and 90 then amount else 0 end)
            as aging_61_90,
        sum(case when is_outstanding and days_past_due > 90 then amount else 0 end)
            as aging_over_90,
        sum(case when invoice_status = 'cancelled' then amount else 0 end) as cancelled_amount
    from judged
    group by tenant_id, month
),

final as (
    select
        tenant_id,
        month,
        invoice_count,
        {{ money('invoiced_amount') }} as invoiced_amount,
        paid_count,
        {{ money('paid_amount') }} as paid_amount,
        {{ ratio('paid_count', 'issued_count') }} as payment_success_rate,
        overdue_count,
        {{ money('overdue_amount') }} as overdue_amount,
        {{ money('outstanding_amount') }} as outstanding_amount,
        {{ ratio('days_to_pay', 'dated_payments') }} as avg_days_to_pay,
        {{ ratio('on_time_count', 'judged_payments') }} as on_time_rate,
        {{ money('aging_0_30') }} as aging_0_30,
        {{ money('aging_31_60') }} as aging_31_60,
        {{ money('aging_61_90') }} as aging_61_90,
        {{ money('aging_over_90') }} as aging_over_90,
        {{ money('cancelled_amount') }} as cancelled_amount
    from by_month
)

select * from final
