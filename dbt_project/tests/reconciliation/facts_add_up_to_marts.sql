-- A tenant and measure for which the facts and the mart that sums them differ.
with

facts as (
    select
        tenant_id,
        'total_revenue' as measure,
        sum(order_total) as amount
    from {{ ref('fct_orders') }}
    where is_completed
    group by tenant_id
    union all
    select
        tenant_id,
        'discounts' as measure,
        sum(discounts) as amount
    from {{ ref('fct_orders') }}
    where is_completed
    group by tenant_id
    union all
    select
        tenant_id,
        'cancelled_value' as measure,
        sum(order_total) as amount
    from {{ ref('fct_orders') }}
    where order_status = 'cancelled'
    group by tenant_id
    union all
    select
        tenant_id,
        'item_revenue' as measure,
        sum(net_amount) as amount
    from {{ ref('fct_order_items') }}
    where is_completed
    group by tenant_id
    union all
    select
        tenant_id,
        'outstanding_amount' as measure,
        sum(amount) as amount
    from {{ ref('fct_invoices') }}
    where is_outstanding
    group by tenant_id
),

marts as (
    select
        tenant_id,
        'total_revenue' as measure,
        sum(total_revenue) as amount
    from {{ ref('revenue_metrics') }}
    group by tenant_id
    union all
    select
        tenant_id,
        'discounts' as measure,
        sum(discounts) as amount
    from {{ ref('revenue_metrics') }}
    group by tenant_id
    union all
    select
        tenant_id,
        'cancelled_value' as measure,
        sum(cancelled_value) as amount
    from {{ ref('revenue_metrics') }}
    group by tenant_id
    union all
    select
        tenant_id,
        'item_revenue' as measure,
        sum(revenue) as amount
    from {{ ref('category_performance') }}
    group by tenant_id
    union all
    select
        tenant_id,
        'outstanding_amount' as measure,
        sum(outstanding_amount) as amount
    from {{ ref('payment_metrics') }}
    group by tenant_id
)

select
    marts.tenant_id,
    marts.measure,
    marts.amount,
    facts.amount as fact_amount
from marts
left join facts
    on marts.tenant_id = facts.tenant_id and marts.measure = facts.measure
where marts.amount <> coalesce(facts.amount, 0)
