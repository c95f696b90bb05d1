-- Looks at the source: psql -d shop -f scripts/sample_queries.sql
-- Metrics, with their definitions, are in docs/METRICS_EXAMPLES.md.
\set ON_ERROR_STOP on

\echo 'Rows of each tenant'
select t.name, t.settings ->> 'plan' as plan,
       (select count(*) from core_customer c where c.tenant_id = t.id) as customers,
       (select count(*) from core_product p where p.tenant_id = t.id) as products,
       (select count(*) from core_order o where o.tenant_id = t.id) as orders,
       (select count(*) from core_event e where e.tenant_id = t.id) as events
from core_tenant t order by orders desc;

\echo 'Orders by status, and their share'
select status, count(*) as orders, round(100.0 * count(*) / sum(count(*)) over (), 1) as percent
from core_order group by status order by orders desc;

\echo 'The ten latest orders'
select o.order_number, c.email, o.status, o.total, t.settings ->> 'currency' as currency, o.order_date
from core_order o
join core_customer c on c.id = o.customer_id
join core_tenant t on t.id = o.tenant_id
order by o.order_date desc limit 10;

\echo 'Addresses that registered more than once in a tenant'
select t.name, lower(trim(c.email)) as email, count(*) as accounts
from core_customer c join core_tenant t on t.id = c.tenant_id
group by 1, 2 having count(*) > 1 order by accounts desc limit 10;

\echo 'Orders whose total is not the sum of its parts'
select count(*) as orders from core_order where total <> subtotal + tax + shipping;

\echo 'Visits that reached each step'
select event_type, count(distinct (tenant_id, session_id)) as sessions
from core_event group by event_type order by sessions desc;

\echo 'Unpaid invoices past their due date'
select t.name, count(*) as invoices, sum(i.amount) as amount
from core_invoice i join core_tenant t on t.id = i.tenant_id
where i.status in ('sent', 'overdue') and i.due_date < current_date
group by t.name order by amount desc;

\echo 'Replication: how far each slot is behind, in bytes of log'
select slot_name, active, wal_status, pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) as behind
from pg_replication_slots where slot_type = 'logical' order by slot_name;
