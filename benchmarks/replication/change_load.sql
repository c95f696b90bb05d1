-- Changes as the application makes them, without its services: transactions of 5 to 20 rows, 60 %
-- inserts, 35 % updates, 5 % deletes, spread over the 8 tables. The same call makes the same rows.
-- Row number k of a table has the key bench_key(table, k).

create or replace function bench_key(kind text, k bigint) returns uuid
language sql immutable as $$ select md5(kind || k)::uuid $$;

create or replace procedure bench_insert(kind text, first bigint, last bigint)
language plpgsql as $$
declare
    opened timestamptz := '2026-01-01 00:00:00.123456+00';
begin
    case kind
    when 'tenant' then
        insert into core_tenant
        select bench_key('tenant', k % 8), 'Tenant ' || k, 'tenant-' || k, null,
            opened, opened, true, '{"plan": "pro", "seats": 25}'
        from generate_series(first, last) k;
    when 'customer' then
        insert into core_customer
        select bench_key('customer', k), bench_key('tenant', k % 8), 'person' || k || '@example.com',
            'First' || k % 997, 'Last' || k % 1009, '+4930' || 1000000 + k,
            opened, opened + k * interval '1 second', true, '{"source": "campaign", "vip": false}'
        from generate_series(first, last) k;
    when 'product' then
        insert into core_product
        select bench_key('product', k), bench_key('tenant', k % 8), 'SKU-' || k, 'Product ' || k,
            repeat('A plain description of a product. ', 6), 'Books', 5 + k % 900 + 0.99,
            2 + k % 400, k % 500, opened, opened, true
        from generate_series(first, last) k;
    when 'order' then
        insert into core_order
        select bench_key('order', k), bench_key('tenant', k % 8), bench_key('customer', k % 6400),
            'ORD-' || k, 'completed', 100.10, 19.02, 4.90, 124.02, opened, opened, opened, opened,
            '{"channel": "web", "coupon": null}'
        from generate_series(first, last) k;
    when 'item' then
        insert into core_orderitem
        select bench_key('item', k), bench_key('tenant', k % 8), bench_key('order', k % 51200),
            bench_key('product', k % 800), 1 + k % 5, 19.99, 0, 19.99 * (1 + k % 5), opened, opened
        from generate_series(first, last) k;
    when 'event' then
        insert into core_event
        select bench_key('event', k), bench_key('tenant', k % 8), bench_key('customer', k % 6400),
            'page_view', '{"page": "/products/17", "referrer": "search", "duration_ms": 5310}',
            'session-' || k / 7, '198.51.100.7', 'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0',
            opened + k * interval '1 second'
        from generate_series(first, last) k;
    when 'subscription' then
        insert into core_subscription
        select bench_key('subscription', k), bench_key('tenant', k % 8),
            bench_key('customer', k % 6400), 'pro', 'active', '2026-01-01', null, 49.00, 'monthly',
            opened, opened
        from generate_series(first, last) k;
    when 'invoice' then
        insert into core_invoice
        select bench_key('invoice', k), bench_key('tenant', k % 8), bench_key('customer', k % 6400),
            null, 'INV-' || k, 49.00, 'sent', '2026-02-01', '2026-03-01', null, opened, opened
        from generate_series(first, last) k;
    end case;
end $$;

create or replace procedure bench_base() language plpgsql as $$
begin
    call bench_insert('tenant', 0, 7);
    call bench_insert('customer', 1, 6400);
    call bench_insert('product', 1, 800);
    call bench_insert('order', 1, 51200);
    call bench_insert('item', 1, 153600);
    call bench_insert('event', 1, 160000);
    call bench_insert('subscription', 1, 1920);
    call bench_insert('invoice', 1, 10000);
end $$;

-- Exactly `changes` row changes; keys of new rows start behind `after`.
create or replace procedure bench_changes(changes int, after bigint) language plpgsql as $$
declare
    done int := 0;
    in_transaction int;
    made int;
    key bigint := after;
    kind double precision;
    place double precision;
    which double precision;
begin
    perform setseed(0.42);
    while done < changes loop
        in_transaction := least(5 + floor(random() * 16)::int, changes - done);
        while in_transaction > 0 loop
            kind := random();
            place := random();
            which := random();
            key := key + 1;
            made := 1;
            if kind < 0.60 then
                if place < 0.50 then call bench_insert('event', key, key);
                elsif place < 0.78 then call bench_insert('item', key, key);
                elsif place < 0.90 then call bench_insert('order', key, key);
                elsif place < 0.93 then call bench_insert('customer', key, key);
                elsif place < 0.97 then call bench_insert('invoice', key, key);
                elsif place < 0.985 then call bench_insert('subscription', key, key);
                else call bench_insert('product', key, key);
                end if;
            elsif kind < 0.95 then
                if place < 0.45 then
                    update core_order set status = 'processing', updated_at = clock_timestamp()
                    where id = bench_key('order', 1 + (which * 51199)::int);
                elsif place < 0.55 then
                    update core_orderitem set quantity = quantity + 1
                    where id = bench_key('item', 1 + (which * 153599)::int);
                elsif place < 0.60 then
                    update core_event set event_data = event_data || '{"seen": true}'
                    where id = bench_key('event', 1 + (which * 159999)::int);
                elsif place < 0.75 then
                    update core_customer set metadata = metadata || '{"vip": true}'
                    where id = bench_key('customer', 1 + (which * 6399)::int);
                elsif place < 0.85 then
                    update core_product set stock_quantity = stock_quantity + 1
                    where id = bench_key('product', 1 + (which * 799)::int);
                elsif place < 0.90 then
                    update core_subscription set plan_name = 'basic', updated_at = clock_timestamp()
                    where id = bench_key('subscription', 1 + (which * 1919)::int);
                elsif place < 0.995 then
                    update core_invoice set status = 'paid', paid_date = '2026-02-14'
                    where id = bench_key('invoice', 1 + (which * 9999)::int);
                else
                    update core_tenant set settings = settings || jsonb_build_object('n', key)
                    where id = bench_key('tenant', (which * 7)::int);
                end if;
                get diagnostics made = row_count;
            else
                if place < 0.50 then
                    delete from core_orderitem where id = bench_key('item', 1 + (which * 153599)::int);
                elsif place < 0.90 then
                    delete from core_event where id = bench_key('event', 1 + (which * 159999)::int);
                else
                    delete from core_order where id = bench_key('order', 1 + (which * 51199)::int);
                end if;
                get diagnostics made = row_count;
            end if;
            in_transaction := in_transaction - made;
            done := done + made;
        end loop;
        commit;
    end loop;
end $$;
