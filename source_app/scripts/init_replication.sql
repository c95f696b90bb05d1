-- What replication needs of a server beside the migrations: a role that may stream changes and read
-- every table, and nothing else. Run once as an administrator, in the application's database; again
-- it only sets the password anew:
--     REPLICATION_PASSWORD=... psql -d shop -f scripts/init_replication.sql
-- The publication and the replica identities come with `manage.py migrate` (0003_replication).
-- On Amazon RDS and Aurora no role can be created with `replication`; there:
--     create role lakehouse_replication login; grant rds_replication to lakehouse_replication;
\set ON_ERROR_STOP on
\getenv replication_password REPLICATION_PASSWORD
\if :{?replication_password}
\else
    do $$ begin raise exception 'REPLICATION_PASSWORD is not set; nothing was changed'; end $$;
\endif

do $$
begin
    if current_setting('wal_level') <> 'logical' then
        raise exception 'wal_level is %, so changes can not be replicated; nothing was changed; set it '
            'to logical and restart the server', current_setting('wal_level');
    end if;
end
$$;

begin;
select not exists (select from pg_roles where rolname = 'lakehouse_replication') as is_new \gset
\if :is_new
    create role lakehouse_replication login replication;
\endif
alter role lakehouse_replication password :'replication_password';
-- DMS drops the zone of a timestamp: what it reads has to be UTC.
alter role lakehouse_replication set timezone = 'UTC';
select current_database() as database \gset
grant connect on database :"database" to lakehouse_replication;
grant usage on schema public to lakehouse_replication;
grant select on all tables in schema public to lakehouse_replication;
-- Tables that this administrator's migrations make later.
alter default privileges in schema public grant select on tables to lakehouse_replication;
commit;
