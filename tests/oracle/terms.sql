-- What a subscription was on a day, made before queries that ask: terms_on(id, day) has the
-- status, plan, cycle and amount at the end of that day. From the test's own audit; without one,
-- what the row is now is all that is known.
create temporary table subscription_version on commit drop as
select
    s.id,
    0::bigint as number,
    s.created_at as written_at,
    s.status,
    s.plan_name,
    s.billing_cycle,
    s.monthly_amount
from core_subscription as s;

do $$
begin
    if to_regclass('oracle.subscription_audit') is not null then
        truncate subscription_version;
        -- What a transaction replaced itself, nobody ever saw.
        insert into subscription_version
        select distinct on (a.id, a.written_by)
            a.id, a.number, a.written_at, a.status, a.plan_name, a.billing_cycle, a.monthly_amount
        from oracle.subscription_audit as a
        order by a.id, a.written_by, a.number desc;
    end if;
end $$;

create index on subscription_version (id);
analyze subscription_version;

-- The last version written by the end of the day; before the first, that one.
create function pg_temp.terms_on(wanted uuid, day date) returns setof subscription_version
language sql stable as $$
    select v.*
    from subscription_version as v
    cross join lateral (
        select v.written_at < (day + 1)::timestamp at time zone 'UTC' as is_past
    ) as judged
    where v.id = wanted
    order by judged.is_past desc, case when judged.is_past then -v.number else v.number end
    limit 1
$$;
