with

movements as (
    select * from {{ ref('int_subscriptions__mrr_movements') }}
),

by_month as (
    select
        tenant_id,
        month,
        sum(previous_mrr) as starting_mrr,
        sum(case when movement = 'new' then moved_mrr else 0 end) as new_mrr,
        sum(case when movement = 'expansion' then moved_mrr else 0 end) as expansion_mrr,
        sum(case when movement = 'contraction' then moved_mrr else 0 end) as contraction_mrr,
        sum(case when movement = 'churn' then moved_mrr else 0 end) as churned_mrr,
        sum(case when movement = 'reactivation' then moved_mrr else 0 end) as reactivation_mrr,
        sum(mrr) as ending_mrr,
        count(case when mrr > 0 then customer_id end) as paying_customers,
        count(case when previous_mrr > 0 then customer_id end) as starting_customers,
        count(case when movement = 'new' then customer_id end) as new_customers,
        count(case when movement = 'churn' then customer_id end) as churned_customers
    from movements
    group by tenant_id, month
),

final as (
    select
        tenant_id,
        month,
        {{ money('starting_mrr') }} as starting_mrr,
        {{ money('new_mrr') }} as new_mrr,
        {{ money('expansion_mrr') }} as expansion_mrr,
        {{ money('contraction_mrr') }} as contraction_mrr,
        {{ money('churned_mrr') }} as churned_mrr,
        {{ money('reactivation_mrr') }} as reactivation_mrr,
        {{ money('ending_mrr') }} as ending_mrr,
        {{ money('ending_mrr * 12') }} as arr,
        paying_customers,
        new_customers,
        churned_customers,
        {{ ratio('churned_customers', 'starting_customers') }} as customer_churn_rate,
        {{ ratio('churned_mrr + contraction_mrr', 'starting_mrr') }} as gross_mrr_churn_rate,
        {{ ratio('churned_mrr + contraction_mrr - expansion_mrr', 'starting_mrr') }}
            as net_mrr_churn_rate,
        {{ ratio('starting_mrr + expansion_mrr - contraction_mrr - churned_mrr', 'starting_mrr') }}
            as nrr,
        {{ ratio('starting_mrr - contraction_mrr - churned_mrr', 'starting_mrr') }} as grr,
        {{ money_average('ending_mrr', 'paying_customers') }} as arpa
    from by_month
)

select * from final
