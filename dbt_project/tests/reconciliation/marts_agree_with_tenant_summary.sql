-- A total in tenant_summary that another mart does not arrive at.
with

elsewhere as (
    select
        tenant_id,
        'total_revenue' as measure,
        sum(total_revenue) as amount
    from {{ ref('revenue_metrics') }}
    group by tenant_id
    union all
    select
        tenant_id,
        'completed_order_count' as measure,
        sum(order_count) as amount
    from {{ ref('revenue_metrics') }}
    group by tenant_id
    union all
    select
        tenant_id,
        'total_revenue' as measure,
        sum(total_revenue) as amount
    from {{ ref('revenue_growth') }}
    group by tenant_id
    union all
    select
        tenant_id,
        'customer_count' as measure,
        max_by(total_customers, dt) as amount
    from {{ ref('customer_metrics') }}
    group by tenant_id
    union all
    select
        tenant_id,
        'active_customers_30d' as measure,
        max_by(active_customers_30d, dt) as amount
    from {{ ref('customer_metrics') }}
    group by tenant_id
    union all
    select
        tenant_id,
        'product_count' as measure,
        count(*) as amount
    from {{ ref('product_performance') }}
    group by tenant_id
    union all
    select
        tenant_id,
        'mrr' as measure,
        max_by(ending_mrr, month) as amount
    from {{ ref('mrr_metrics') }}
    group by tenant_id
    union all
    select
        tenant_id,
        'invoiced_amount' as measure,
        sum(invoiced_amount) as amount
    from {{ ref('payment_metrics') }}
    group by tenant_id
    union all
    select
        tenant_id,
        'outstanding_amount' as measure,
        sum(outstanding_amount) as amount
    from {{ ref('payment_metrics') }}
    group by tenant_id
),

compared as (
    select
        elsewhere.tenant_id,
        elsewhere.measure,
        elsewhere.amount,
        case elsewhere.measure
            when 'total_revenue' then summary.total_revenue
            when 'completed_order_count' then summary.completed_order_count
            when 'customer_count' then summary.customer_count
            when 'active_customers_30d' then summary.active_customers_30d
            when 'product_count' then summary.product_count
            when 'mrr' then summary.mrr
            when 'invoiced_amount' then summary.invoiced_amount
            when 'outstanding_amount' then summary.outstanding_amount
        end as summary_amount
    from elsewhere
    inner join {{ ref('tenant_summary') }} as summary
        on elsewhere.tenant_id = summary.tenant_id
)

select * from compared
where amount <> summary_amount
