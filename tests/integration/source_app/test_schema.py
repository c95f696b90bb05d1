"""What the migrations make: columns, indexes, replication; and that they can be undone."""

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("orm")]

# Columns in order; a question mark allows null.
COLUMNS = {
    "core_tenant": "id name slug domain? created_at updated_at is_active settings",
    "core_customer": "id tenant_id email first_name last_name phone? created_at updated_at "
    "is_active metadata",
    "core_product": "id tenant_id sku name description category price cost stock_quantity "
    "created_at updated_at is_active",
    "core_order": "id tenant_id customer_id order_number status subtotal tax shipping total "
    "order_date completed_at? created_at updated_at metadata",
    "core_orderitem": "id tenant_id order_id product_id quantity unit_price discount total "
    "created_at updated_at",
    "core_event": "id tenant_id customer_id? event_type event_data session_id ip_address? "
    "user_agent created_at",
    "core_subscription": "id tenant_id customer_id plan_name status start_date end_date? "
    "monthly_amount billing_cycle created_at updated_at",
    "core_invoice": "id tenant_id customer_id subscription_id? invoice_number amount status "
    "issue_date due_date paid_date? created_at updated_at",
}
INDEXED = {
    "core_tenant": ["slug", "name"],
    "core_customer": ["tenant_id", "email", "tenant_id,created_at"],
    "core_product": ["tenant_id", "sku", "category", "tenant_id,created_at"],
    "core_order": ["tenant_id", "customer_id", "order_number", "order_date", "completed_at"]
    + ["status", "tenant_id,created_at", "tenant_id,status"],
    "core_orderitem": ["tenant_id", "order_id", "product_id", "tenant_id,created_at"],
    "core_event": ["tenant_id", "customer_id", "event_type", "session_id", "created_at"]
    + ["tenant_id,created_at"],
    "core_subscription": ["tenant_id", "customer_id", "status", "start_date", "end_date"]
    + ["tenant_id,created_at", "tenant_id,status"],
    "core_invoice": ["tenant_id", "customer_id", "subscription_id", "invoice_number", "status"]
    + ["issue_date", "due_date", "paid_date", "tenant_id,created_at", "tenant_id,status"],
}


def query(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_tables_have_their_columns_in_order():
    found: dict[str, list[str]] = {}
    for table, column, nullable in query(
        "select table_name, column_name, is_nullable = 'YES' from information_schema.columns "
        "where table_name like 'core\\_%' order by table_name, ordinal_position"
    ):
        found.setdefault(table, []).append(column + "?" * nullable)
    assert found == {table: columns.split() for table, columns in COLUMNS.items()}


def test_every_wanted_index_exists():
    found = set(
        query(
            "select i.indrelid::regclass::text, string_agg(a.attname, ',' order by k.position) "
            "from pg_index i cross join unnest(i.indkey) with ordinality k(number, position) "
            "join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number "
            "group by i.indexrelid, i.indrelid"
        )
    )
    assert {(table, columns) for table in INDEXED for columns in INDEXED[table]} - found == set()


def test_old_rows_are_logged_completely():
    rows = query("select relname from pg_class where relkind = 'r' and relreplident = 'f'")
    assert {name for (name,) in rows} == set(COLUMNS)


def test_the_publication_has_exactly_the_eight_tables():
    rows = query("select tablename from pg_publication_tables where pubname = 'lakehouse'")
    assert {name for (name,) in rows} == set(COLUMNS)


def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_migrations_can_be_undone_and_applied_again():
    call_command("migrate", "core", "zero", verbosity=0)
    assert query("select count(*) from pg_publication") == [(0,)]
    assert query("select count(*) from pg_class where relname = 'core_order'") == [(0,)]
    assert query("select count(*) from pg_proc where proname = 'core_refuse_key_change'") == [(0,)]
    call_command("migrate", "core", verbosity=0)
    assert query("select count(*) from pg_publication") == [(1,)]
