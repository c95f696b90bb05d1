-- Invoices that are still to be paid and past due, the oldest first.
select
    tenant_id,
    invoice_number,
    customer_id,
    amount,
    due_on,
    days_past_due
from {{ ref('fct_invoices') }}
where is_outstanding and days_past_due > 0
order by tenant_id asc, days_past_due desc, invoice_number asc
