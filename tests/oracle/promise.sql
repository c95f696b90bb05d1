-- What every metric may take for granted, made before each query. Temporary tables hide the
-- source's own of the same names: each query goes on as if the shop were as clean as promised.
--   * Customers of one tenant with one e-mail address (blanks and case aside) are one person: the
--     one created first. Whatever belongs to another of them belongs to that one.
--   * A category is one of the standard ones, however the tenant spelt it.
create temporary table person on commit drop as
select
    c.tenant_id,
    c.customer_id,
    first_value(c.customer_id) over (
        partition by c.tenant_id, coalesce(c.address, c.customer_id::text)
        order by c.created_at, c.customer_id
    ) as person_id
from (
    select
        tenant_id,
        id as customer_id,
        created_at,
        nullif(lower(regexp_replace(email, '^\s+|\s+$', '', 'g')), '') as address
    from public.core_customer
) as c;

create temporary table core_customer on commit drop as
select c.*
from public.core_customer as c
inner join person on c.id = person.person_id and c.id = person.customer_id;

create temporary table core_order on commit drop as select * from public.core_order;
create temporary table core_subscription on commit drop as select * from public.core_subscription;
create temporary table core_invoice on commit drop as select * from public.core_invoice;
create temporary table core_event on commit drop as select * from public.core_event;

-- Made before the updates: within one transaction the planner passes over an index made after them.
create index on core_customer (tenant_id, created_at);
create unique index on core_customer (id);
create index on core_order (customer_id);
create index on core_order (tenant_id, order_date);
create unique index on core_order (id);
create index on core_event (tenant_id, created_at);
create index on core_subscription (tenant_id, customer_id);

update core_order as o set customer_id = p.person_id
from person as p
where p.customer_id = o.customer_id and p.person_id <> p.customer_id;
update core_subscription as s set customer_id = p.person_id
from person as p
where p.customer_id = s.customer_id and p.person_id <> p.customer_id;
update core_invoice as i set customer_id = p.person_id
from person as p
where p.customer_id = i.customer_id and p.person_id <> p.customer_id;
update core_event as e set customer_id = p.person_id
from person as p
where p.customer_id = e.customer_id and p.person_id <> p.customer_id;

create temporary table core_product on commit drop as select * from public.core_product;
create unique index on core_product (id);
update core_product set category = case
    when plain in ('electronics', 'electronic', 'elec', 'electro', 'elektronik', 'elektronikk')
        then 'Electronics'
    when plain in ('électronique', 'electronique', 'consumer electronics', 'tech')
        then 'Electronics'
    when plain in ('clothing', 'clothes', 'cloth', 'apparel', 'fashion', 'kleidung') then 'Clothing'
    when plain in ('bekleidung', 'vêtements', 'vetements', 'klær') then 'Clothing'
    when plain in ('home', 'house', 'household', 'homeware', 'haushalt', 'maison', 'hjem')
        then 'Home'
    when plain in ('home living', 'home kitchen', 'home and kitchen', 'home garden') then 'Home'
    when plain = 'home and garden' then 'Home'
    when plain in ('books', 'book', 'bücher', 'buecher', 'livres', 'bøker') then 'Books'
    when plain in ('sports', 'sport', 'sporting goods', 'sports outdoors') then 'Sports'
    when plain in ('sports and outdoors', 'sport und freizeit', 'idrett') then 'Sports'
    when plain in ('toys', 'toy', 'games', 'toys games', 'toys and games', 'spielzeug') then 'Toys'
    when plain in ('jouets', 'leker') then 'Toys'
    else 'Other'
end
from (
    select
        id as spelt_id,
        btrim(regexp_replace(lower(category), '[^[:alnum:]]+', ' ', 'g')) as plain
    from public.core_product
) as spelling
where spelling.spelt_id = core_product.id;

analyze core_customer;
analyze core_order;
analyze core_product;
analyze core_event;
analyze core_subscription;
