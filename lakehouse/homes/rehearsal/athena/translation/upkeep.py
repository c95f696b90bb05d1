"""OPTIMIZE, VACUUM, MSCK REPAIR TABLE."""

from lakehouse.homes.rehearsal.athena.tokens import Reader
from lakehouse.homes.rehearsal.athena.translation.plan import (
    Context,
    Kind,
    Plan,
    literal,
    qualified,
)
from lakehouse.homes.rehearsal.engine.settings import HIVE, ICEBERG

# Athena's default of vacuum_max_snapshot_age_seconds; Trino refuses less than 7 days by default.
MAX_SNAPSHOT_AGE = "5d"


def optimize(reader: Reader, context: Context) -> Plan:
    """OPTIMIZE table REWRITE DATA USING BIN_PACK [WHERE ..]; without a limit of partitions."""
    name = context.table(reader.name())
    reader.expect("REWRITE", "DATA", "USING", "BIN_PACK")
    where = ""
    if reader.word == "WHERE":
        where = f" {reader.sql}"
    else:
        reader.end()
    return Plan(
        Kind.DDL,
        "OPTIMIZE",
        [f"alter table {qualified(*name, ICEBERG)} execute optimize{where}"],
        {f"{ICEBERG}.max_partitions_per_writer": "10000"},
    )


def vacuum(reader: Reader, context: Context) -> Plan:
    """VACUUM table: old snapshots, then files that belong to none."""
    name = qualified(*context.table(reader.name()), ICEBERG)
    reader.end()
    age = f"(retention_threshold => {literal(MAX_SNAPSHOT_AGE)})"
    return Plan(
        Kind.DDL,
        "VACUUM",
        [
            f"alter table {name} execute expire_snapshots{age}",
            f"alter table {name} execute remove_orphan_files{age}",
        ],
        {
            f"{ICEBERG}.expire_snapshots_min_retention": "1d",
            f"{ICEBERG}.remove_orphan_files_min_retention": "1d",
        },
    )


def repair(reader: Reader, context: Context) -> Plan:
    """MSCK REPAIR TABLE name: adds the partitions that lie in S3, removes none."""
    database, table = context.table(reader.name())
    reader.end()
    arguments = f"{literal(database)}, {literal(table)}, 'ADD', false"
    statement = f"call {HIVE}.system.sync_partition_metadata({arguments})"
    return Plan(Kind.DDL, "MSCK_REPAIR", [statement])
