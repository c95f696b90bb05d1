with

tenants as (
    select * from {{ ref('stg_silver__tenants') }}
),

customers as (
    select
        tenant_id,
        count(*) as customer_count
    from {{ ref('int_customers__counted') }}
    group by tenant_id
),

products as (
    select
        tenant_id,
        count(*) as product_count
    from {{ ref('stg_silver__products') }}
    group by tenant_id
),

orders as (
    select
        tenant_id,
        count(*) as order_count,
        min(ordered_at) as first_order_at,
        max(ordered_at) as last_order_at
    from {{ ref('int_orders__placed') }}
    group by tenant_id
),

completed as (
    select
        tenant_id,
        count(*) as completed_order_count,
        sum(order_total) as total_revenue,
        count(
            distinct case
                when ordered_on > {{ days_before(as_of_date(), 30) }} then customer_id
            end
        ) as active_customers_30d
    from {{ ref('int_orders__completed') }}
    group by tenant_id
),

sessions as (
    select
        tenant_id,
        count(*) as session_count
    from {{ ref('fct_sessions') }}
    group by tenant_id
),

subscriptions as (
    select
        tenant_id,
        count(*) as active_subscription_count,
        sum(mrr) as mrr
    from {{ ref('int_subscriptions__months') }}
    where measured_on = {{ as_of_date() }} and is_paying
    group by tenant_id
),

invoices as (
    select
        tenant_id,
        sum(amount) as invoiced_amount,
        sum(case when invoice_status = 'paid' then amount else 0 end) as paid_amount,
        sum(case when invoice_status in ('sent', 'overdue') then amount else 0 end)
            as outstanding_amount
    from {{ ref('stg_silver__invoices') }}
    where issued_on <= {{ as_of_date() }}
    group by tenant_id
),

final as (
    select
        tenants.tenant_id,
        tenants.tenant_name,
        tenants.plan,
        tenants.tier,
        tenants.is_active,
        coalesce(customers.customer_count, 0) as customer_count,
        coalesce(completed.active_customers_30d, 0) as active_customers_30d,
        coalesce(products.product_count, 0) as product_count,
        coalesce(orders.order_count, 0) as order_count,
        coalesce(completed.completed_order_count, 0) as completed_order_count,
        {{ money('coalesce(completed.total_revenue, 0)') }} as total_revenue,
        {{ money_average('completed.total_revenue', 'completed.completed_order_count') }}
            as avg_order_value,
        coalesce(sessions.session_count, 0) as session_count,
        coalesce(subscriptions.active_subscription_count, 0) as active_subscription_count,
        {{ money('coalesce(subscriptions.mrr, 0)') }} as mrr,
        {{ money('coalesce(subscriptions.mrr, 0) * 12') }} as arr,
        {{ money('coalesce(invoices.invoiced_amount, 0)') }} as invoiced_amount,
        {{ money('coalesce(invoices.paid_amount, 0)') }} as paid_amount,
        {{ money('coalesce(invoices.outstanding_amount, 0)') }} as outstanding_amount,
        orders.first_order_at,
        orders.last_order_at
    from tenants
    left join customers on tenants.tenant_id = customers.tenant_id
    left join products on tenants.tenant_id = products.tenant_id
    left join orders on tenants.tenant_id = orders.tenant_id
    left join completed on tenants.tenant_id = completed.tenant_id
    left join sessions on tenants.tenant_id = sessions.tenant_id
    left join subscriptions on tenants.tenant_id = subscriptions.tenant_id
    left join invoices on tenants.tenant_id = invoices.tenant_id
)

select * from final
