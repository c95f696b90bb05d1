-- Visits of each month: how many bounce, convert, and leave a cart behind.
select
    tenant_id,
    {{ month_start('started_on') }} as month,
    count(*) as sessions,
    count(distinct visitor_id) as visitors,
    {{ ratio('count(case when is_bounce then session_key end)', 'count(*)') }} as bounce_rate,
    {{ ratio('count(case when is_converted then session_key end)', 'count(*)') }}
        as conversion_rate,
    {{ ratio(
        'count(case when add_to_cart > 0 and not is_converted then session_key end)',
        'count(case when add_to_cart > 0 then session_key end)'
    ) }} as cart_abandonment_rate
from {{ ref('fct_sessions') }}
group by tenant_id, {{ month_start('started_on') }}
order by tenant_id asc, month asc
