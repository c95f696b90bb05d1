-- A month whose starting_mrr is not the ending_mrr of the month before.
with

months as (
    select
        tenant_id,
        month,
        starting_mrr,
        lag(ending_mrr) over (partition by tenant_id order by month) as previous_ending_mrr
    from {{ ref('mrr_metrics') }}
)

select * from months
where starting_mrr <> coalesce(previous_ending_mrr, 0)
