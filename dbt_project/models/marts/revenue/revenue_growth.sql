with

days as (
    select * from {{ ref('revenue_metrics') }}
),

calendars as (
    select
        tenant_id,
        min(dt) as first_on
    from days
    group by tenant_id
),

months as (
    select
        tenant_id,
        {{ month_start('dt') }} as month,
        sum(total_revenue) as total_revenue,
        sum(order_count) as order_count
    from days
    group by tenant_id, {{ month_start('dt') }}
),

-- Days have no gaps, so neither have months and quarters: the row before is the period before.
compared_months as (
    select
        *,
        {{ quarter_start('month') }} as quarter_on,
        lag(total_revenue) over (partition by tenant_id order by month) as previous_month,
        lag(total_revenue, 12) over (partition by tenant_id order by month) as previous_year
    from months
),

quarters as (
    select
        tenant_id,
        quarter_on,
        sum(total_revenue) as quarter_revenue
    from compared_months
    group by tenant_id, quarter_on
),

compared_quarters as (
    select
        *,
        lag(quarter_revenue) over (partition by tenant_id order by quarter_on) as previous_quarter
    from quarters
),

final as (
    select
        months.tenant_id,
        months.month,
        {{ money('months.total_revenue') }} as total_revenue,
        cast(months.order_count as bigint) as order_count,
        {{ money_average('months.total_revenue', 'months.order_count') }} as avg_order_value,
        {{ growth('months.total_revenue', 'months.previous_month') }} as revenue_mom_growth,
        {{ money('quarters.quarter_revenue') }} as quarter_revenue,
        {{ growth('quarters.quarter_revenue', 'quarters.previous_quarter') }}
            as revenue_qoq_growth,
        {{ growth('months.total_revenue', 'months.previous_year') }} as revenue_yoy_growth,
        calendars.first_on <= months.month
        and {{ month_end('months.month') }} <= {{ as_of_date() }} as is_complete_month,
        calendars.first_on <= months.quarter_on
        and {{ quarter_end('months.quarter_on') }} <= {{ as_of_date() }} as is_complete_quarter
    from compared_months as months
    inner join compared_quarters as quarters
        on months.tenant_id = quarters.tenant_id and months.quarter_on = quarters.quarter_on
    inner join calendars on months.tenant_id = calendars.tenant_id
)

select * from final
