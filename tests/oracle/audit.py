"""The oracle's own memory of what subscriptions were, independent of replication.

A trigger in the test's database writes down every row of core_subscription as it becomes; terms.sql
reads it. A source without an audit is taken as it is now.
"""

from contextlib import closing

import psycopg2

INSTALL = """
create schema oracle;
create table oracle.subscription_audit (
    number bigint generated always as identity primary key,
    written_by bigint not null,
    written_at timestamptz not null,
    like core_subscription
);
create function oracle.write_down() returns trigger language plpgsql as $$
begin
    insert into oracle.subscription_audit overriding user value
    select null, txid_current(), clock_timestamp(), new.*;
    return null;
end $$;
create trigger write_down after insert or update on core_subscription
for each row execute function oracle.write_down();
insert into oracle.subscription_audit overriding user value
select null, txid_current(), clock_timestamp(), s.* from core_subscription as s;
"""
REMOVE = "drop schema oracle cascade"
LATER = "update oracle.subscription_audit set written_at = %s where number > %s"


class Audit:
    """Installed at once: what stands in the table at that moment is the first that is known."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._dated = 0
        self._execute(INSTALL)

    def begins(self, moment: str) -> None:
        """Say that it was installed at this moment (UTC), with what the table holds now."""
        self._execute(REMOVE, INSTALL)
        self._dated = 0
        self.was_changed(moment)

    def was_changed(self, moment: str) -> None:
        """Say that what was written down since the last call happened at this moment (UTC)."""
        with closing(psycopg2.connect(self._dsn)) as connection, connection.cursor() as cursor:
            cursor.execute(LATER, (f"{moment}+00", self._dated))
            cursor.execute("select coalesce(max(number), 0) from oracle.subscription_audit")
            ((self._dated,),) = cursor.fetchall()
            connection.commit()

    def remove(self) -> None:
        """Leave the database as it was."""
        self._execute(REMOVE)

    def _execute(self, *statements: str) -> None:
        with closing(psycopg2.connect(self._dsn)) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()
