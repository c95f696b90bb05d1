-- The hundred most valuable customers of each tenant who are at risk or gone.
with

ranked as (
    select
        tenant_id,
        customer_id,
        lifecycle_stage,
        lifetime_revenue,
        days_since_last_order,
        row_number() over (
            partition by tenant_id order by lifetime_revenue desc, customer_id asc
        ) as place
    from {{ ref('customer_lifetime') }}
    where lifecycle_stage in ('at_risk', 'churned')
)

select * from ranked
where place <= 100
order by tenant_id asc, place asc
