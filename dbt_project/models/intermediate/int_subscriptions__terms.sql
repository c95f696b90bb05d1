-- From when until when each version of a subscription's terms applies, without a gap: the first
-- known one applies backwards, the last one on.
with

versions as (
    select * from {{ ref('stg_silver__subscription_history') }}
),

followed as (
    select
        *,
        lag(valid_from) over (
            partition by tenant_id, subscription_id order by valid_from
        ) as previous_from,
        lead(valid_from) over (
            partition by tenant_id, subscription_id order by valid_from
        ) as next_from
    from versions
),

applied as (
    select
        tenant_id,
        subscription_id,
        plan_name,
        billing_cycle,
        subscription_status,
        monthly_amount,
        next_from as applies_until,
        case when previous_from is not null then valid_from end as applies_from
    from followed
)

select * from applied
