-- One row per person, also who was created after as_of_date.
select
    c.tenant_id::text as tenant_id,
    c.id::text as customer_id,
    c.is_active,
    c.created_at at time zone 'UTC' as created_at,
    (select count(*) from person as p where p.person_id = c.id) as account_count,
    bought.first_on as first_ordered_on,
    (bought.first_on - (extract(day from bought.first_on)::int - 1)) as cohort_month
from core_customer as c
cross join lateral (
    select min((o.order_date at time zone 'UTC')::date) as first_on
    from core_order as o
    where
        o.customer_id = c.id
        and o.status = 'completed'
        and o.order_date < (%(as_of_date)s::date + 1)::timestamp at time zone 'UTC'
) as bought
order by tenant_id, customer_id
