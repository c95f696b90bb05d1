-- One row per customer who was created, or who ordered, up to as_of_date. Scores are counted anew
-- for each customer against all others of the tenant.
with history as materialized (
    select
        o.tenant_id,
        o.customer_id,
        count(*) as orders,
        min(o.order_date) at time zone 'UTC' as first_at,
        max(o.order_date) at time zone 'UTC' as last_at,
        sum(o.subtotal + o.tax + o.shipping) as revenue
    from core_order as o
    where
        o.status = 'completed'
        and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
    group by o.tenant_id, o.customer_id
),

aged as materialized (
    select
        h.*,
        %(as_of_date)s::date - h.last_at::date as days_since_last,
        %(as_of_date)s::date - h.first_at::date + 1 as days_since_first
    from history as h
),

score as materialized (
    select
        h.tenant_id,
        h.customer_id,
        floor(5.0 * count(*) filter (where other.days_since_last > h.days_since_last) / count(*))
        + 1 as recency,
        floor(5.0 * count(*) filter (where other.orders < h.orders) / count(*)) + 1 as frequency,
        floor(5.0 * count(*) filter (where other.revenue < h.revenue) / count(*)) + 1 as monetary
    from aged as h
    inner join aged as other on h.tenant_id = other.tenant_id
    group by h.tenant_id, h.customer_id
)

select
    c.tenant_id::text as tenant_id,
    c.id::text as customer_id,
    h.first_at as first_order_at,
    h.last_at as last_order_at,
    coalesce(h.orders, 0) as order_count,
    coalesce(h.revenue, 0)::numeric(18, 2) as lifetime_revenue,
    (
        select coalesce(sum(i.quantity * (i.unit_price - p.cost) - i.discount), 0)
        from core_order as o
        inner join core_orderitem as i on o.id = i.order_id
        inner join core_product as p on i.product_id = p.id
        where
            o.customer_id = c.id
            and o.status = 'completed'
            and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
    )::numeric(18, 2) as lifetime_gross_profit,
    round(h.revenue / h.orders, 2)::numeric(18, 2) as avg_order_value,
    h.days_since_last::bigint as days_since_last_order,
    case
        when h.orders is null then 'prospect'
        when h.days_since_last >= %(churn_days)s then 'churned'
        when h.days_since_last >= %(at_risk_days)s then 'at_risk'
        when h.days_since_first <= 30 then 'new'
        else 'active'
    end as lifecycle_stage,
    s.recency::bigint as recency_score,
    s.frequency::bigint as frequency_score,
    s.monetary::bigint as monetary_score,
    case
        when s.recency >= 4 and s.frequency >= 4 and s.monetary >= 4 then 'champions'
        when s.recency >= 3 and s.frequency >= 3 then 'loyal'
        when s.recency >= 4 then 'promising'
        when s.recency = 3 then 'needs_attention'
        when s.recency <= 2 and s.frequency >= 3 then 'slipping'
        when s.recency <= 2 then 'hibernating'
    end as rfm_segment,
    round(
        h.revenue * 365 * greatest(%(churn_days)s - h.days_since_last, 0)
        / (greatest(h.days_since_first, %(churn_days)s) * %(churn_days)s), 2
    )::numeric(18, 2) as predicted_ltv_12m
from core_customer as c
left join aged as h on c.id = h.customer_id and c.tenant_id = h.tenant_id
left join score as s on c.id = s.customer_id and c.tenant_id = s.tenant_id
where
    c.created_at < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
    or h.orders is not null
order by tenant_id, customer_id
