"""What change data capture needs: complete old rows in the log, and a publication of the tables.

REPLICA IDENTITY FULL writes the old values of all columns for updates and deletes; without it a
delete carries only its key, and an unchanged large value is missing from an update.
"""

from django.core.management.base import CommandError
from django.db import migrations

PUBLICATION = "lakehouse"
TABLES = [
    "core_tenant",
    "core_customer",
    "core_product",
    "core_order",
    "core_orderitem",
    "core_event",
    "core_subscription",
    "core_invoice",
]


def require_logical_wal(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("show wal_level")
        (level,) = cursor.fetchone()
    if level != "logical":
        raise CommandError(
            f"the server has wal_level={level}, so its changes can't be replicated; this migration "
            "was not applied, the ones before it were. Set wal_level = logical in postgresql.conf "
            "(on Amazon RDS or Aurora: rds.logical_replication = 1 in the parameter group), restart "
            "the server and run `manage.py migrate` again"
        )


class Migration(migrations.Migration):

    dependencies = [("core", "0002_rules")]

    operations = [
        migrations.RunPython(require_logical_wal, migrations.RunPython.noop),
        *[
            migrations.RunSQL(
                f"alter table {table} replica identity full",
                f"alter table {table} replica identity default",
            )
            for table in TABLES
        ],
        migrations.RunSQL(
            f"create publication {PUBLICATION} for table {', '.join(TABLES)}",
            f"drop publication {PUBLICATION}",
        ),
    ]
