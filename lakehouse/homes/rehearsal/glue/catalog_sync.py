"""Registers Silver's tables in the Glue catalog as Hudi's own sync does (AwsGlueCatalogSyncTool).

Columns come from the table's last commit, Hudi's own ones first; formats and parameters are those
that the tool writes for a copy-on-write table (Hudi 0.15.0, class HiveSyncTool).
"""

from pathlib import Path
from typing import Any

import pyarrow as pa
from hudi import HudiTableBuilder

_HIVE = "org.apache.hadoop.hive.ql.io.parquet"
INPUT_FORMAT = "org.apache.hudi.hadoop.HoodieParquetInputFormat"
OUTPUT_FORMAT = f"{_HIVE}.MapredParquetOutputFormat"
SERDE = f"{_HIVE}.serde.ParquetHiveSerDe"
SCALARS = {
    pa.string(): "string",
    pa.large_string(): "string",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}


def hudi_tables(silver: Path) -> list[str]:
    """Names of the Hudi tables below a folder."""
    return sorted(p.parent.name for p in silver.glob("*/.hoodie") if p.is_dir())


def sync_table(glue: Any, *, database: str, copy: Path, location: str) -> None:
    """Create or update the table's entry; `copy` is the table on this machine, read for its
    schema.
    """
    hudi = HudiTableBuilder.from_base_uri(str(copy)).build()
    entry = table_input(copy.name, hudi.get_schema_with_meta_fields(), location)
    commits = sorted(p.name for p in (copy / ".hoodie").glob("*.commit"))
    entry["Parameters"]["last_commit_time_sync"] = commits[-1].removesuffix(".commit")
    try:
        glue.create_table(DatabaseName=database, TableInput=entry)
    except glue.exceptions.AlreadyExistsException:
        glue.update_table(DatabaseName=database, TableInput=entry)


def table_input(name: str, schema: pa.Schema, location: str) -> dict[str, Any]:
    """A TableInput for a table that has no partitions."""
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "spark.sql.sources.provider": "hudi"},
        "PartitionKeys": [],
        "StorageDescriptor": {
            "Columns": [{"Name": f.name, "Type": hive_type(f.type)} for f in schema],
            "Location": location,
            "InputFormat": INPUT_FORMAT,
            "OutputFormat": OUTPUT_FORMAT,
            "SerdeInfo": {
                "SerializationLibrary": SERDE,
                "Parameters": {"hoodie.query.as.ro.table": "false", "path": location},
            },
        },
    }


def hive_type(kind: pa.DataType) -> str:
    """Hive's name of a column type; ValueError for one that Silver does not have."""
    if pa.types.is_timestamp(kind):
        return "timestamp"
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if pa.types.is_list(kind):
        return f"array<{hive_type(kind.value_type)}>"
    if kind not in SCALARS:
        raise ValueError(f"{kind} is no type of a Silver column")
    return SCALARS[kind]
