"""Rules that Django's models can't express: one tenant per reference, keys that never change.

The composite keys repeat the reference of the column and add the tenant, so that a row can't point
at another tenant's row. They are checked at commit, as Django's own foreign keys are.
"""

from django.db import migrations

# Child table, column, parent table.
REFERENCES = [
    ("core_order", "customer_id", "core_customer"),
    ("core_orderitem", "order_id", "core_order"),
    ("core_orderitem", "product_id", "core_product"),
    ("core_event", "customer_id", "core_customer"),
    ("core_subscription", "customer_id", "core_customer"),
    ("core_invoice", "customer_id", "core_customer"),
    ("core_invoice", "subscription_id", "core_subscription"),
]

TENANT_TABLES = [
    "core_customer",
    "core_product",
    "core_order",
    "core_orderitem",
    "core_event",
    "core_subscription",
    "core_invoice",
]

# AWS DMS ignores an update of a primary key, and the lake files a row under its tenant for good.
REFUSE_KEY_CHANGE = """
create function core_refuse_key_change() returns trigger language plpgsql as $$
begin
    raise exception 'the id and the tenant of a row in % never change; delete it and insert a new one',
        tg_table_name
        using errcode = 'integrity_constraint_violation';
end
$$
"""


def same_tenant_reference(table, column, parent):
    name = f"{table}_{column}_same_tenant_fk"
    return migrations.RunSQL(
        f"alter table {table} add constraint {name} foreign key ({column}, tenant_id) "
        f"references {parent} (id, tenant_id) deferrable initially deferred",
        f"alter table {table} drop constraint {name}",
    )


def fixed_keys(table, condition):
    name = f"{table}_keys_never_change"
    return migrations.RunSQL(
        f"create trigger {name} before update on {table} for each row "
        f"when ({condition}) execute function core_refuse_key_change()",
        f"drop trigger {name} on {table}",
    )


class Migration(migrations.Migration):

    dependencies = [("core", "0001_schema")]

    operations = [
        *[same_tenant_reference(*reference) for reference in REFERENCES],
        migrations.RunSQL(REFUSE_KEY_CHANGE, "drop function core_refuse_key_change()"),
        fixed_keys("core_tenant", "old.id is distinct from new.id"),
        *[
            fixed_keys(table, "(old.id, old.tenant_id) is distinct from (new.id, new.tenant_id)")
            for table in TENANT_TABLES
        ],
    ]
