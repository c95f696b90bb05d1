with

tenants as (
    select * from {{ ref('stg_silver__tenants') }}
),

final as (
    select
        tenant_id,
        tenant_name,
        tenant_slug,
        tenant_domain,
        plan,
        tier,
        currency,
        country,
        is_active,
        created_at
    from tenants
)

select * from final
