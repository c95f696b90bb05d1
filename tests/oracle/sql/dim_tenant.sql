-- One row per tenant there is.
select
    t.id::text as tenant_id,
    t.name as tenant_name,
    t.slug as tenant_slug,
    t.domain as tenant_domain,
    nullif(lower(btrim(t.settings ->> 'plan')), '') as plan,
    case
        when translate(lower(t.settings ->> 'tier'), '- ', '__') = any(
            array['enterprise', 'mid_market', 'small']
        ) then translate(lower(t.settings ->> 'tier'), '- ', '__')
    end as tier,
    substring(upper(btrim(t.settings ->> 'currency')) from '^[A-Z]{3}$') as currency,
    nullif(upper(btrim(t.settings ->> 'country')), '') as country,
    t.is_active,
    t.created_at at time zone 'UTC' as created_at
from core_tenant as t
order by tenant_id
