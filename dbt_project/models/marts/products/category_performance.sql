with

items as (
    select * from {{ ref('int_order_items__sold') }}
),

sales as (
    select
        tenant_id,
        {{ month_start('ordered_on') }} as month,
        category,
        sum(quantity) as units_sold,
        sum(net_amount) as revenue,
        sum(cost) as cost
    from items
    group by tenant_id, {{ month_start('ordered_on') }}, category
),

first_months as (
    select
        tenant_id,
        category,
        min(month) as first_month
    from sales
    group by tenant_id, category
),

months as (
    select
        first_months.tenant_id,
        cast(calendar.calendar_month as date) as month,
        first_months.category
    from first_months
    cross join unnest(
        {{ date_sequence('first_month', month_start(as_of_date()), 'month') }}
    ) as calendar (calendar_month)
),

joined as (
    select
        months.tenant_id,
        months.month,
        months.category,
        coalesce(sales.units_sold, 0) as units_sold,
        coalesce(sales.revenue, 0) as revenue,
        -- Null, and not 0, when it is known no longer what the goods cost.
        case when sales.category is null then 0 else sales.cost end as cost
    from months
    left join sales
        on
            months.tenant_id = sales.tenant_id
            and months.month = sales.month
            and months.category = sales.category
),

-- Months have no gaps, so the row before is the month before.
compared as (
    select
        *,
        sum(revenue) over (partition by tenant_id, month) as tenant_revenue,
        lag(revenue) over (
            partition by tenant_id, category order by month
        ) as previous_revenue
    from joined
),

final as (
    select
        tenant_id,
        month,
        category,
        cast(units_sold as bigint) as units_sold,
        {{ money('revenue') }} as revenue,
        {{ money('cost') }} as cost,
        {{ money('revenue - cost') }} as gross_profit,
        {{ ratio('revenue - cost', 'revenue') }} as gross_margin,
        {{ ratio('revenue', 'tenant_revenue') }} as revenue_share,
        {{ growth('revenue', 'previous_revenue') }} as revenue_mom_growth,
        rank() over (partition by tenant_id, month order by revenue desc) as rank_in_month
    from compared
)

select * from final
