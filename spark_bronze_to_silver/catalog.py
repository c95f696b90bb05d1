"""Registers Silver's tables in the Glue catalog, by Hudi's own sync (AwsGlueCatalogSyncTool).

The tool compares the table's last commit with the catalog: it creates the entry, adds columns, and
leaves an entry alone that says all that it would say. Source: Hudi 0.15.0, "Sync to AWS Glue Data
Catalog" and "Sync to Hive Metastore", whose settings it takes.
"""

from py4j.protocol import Py4JError
from pyspark.sql import SparkSession

from spark_bronze_to_silver.errors import CatalogError
from spark_bronze_to_silver.hudi_table import HudiTable

# Where Spark settings begin that the sync is given: spark.hoodie.aws.glue.region is the region.
PASSED_ON = "spark.hoodie."
TOOL = "hoodie.meta.sync.client.tool.class"


def register(table: HudiTable, database: str) -> None:
    """Let the catalog say of the table what its last commit says; nothing for a table without one.

    Raises CatalogError when the catalog does not take it; the table's commits stand.
    """
    if not table.exists():
        return
    jvm, hadoop = table.spark._jvm, table.spark._jsc.hadoopConfiguration()
    settings = _settings(table, database)
    properties = jvm.org.apache.hudi.common.config.TypedProperties()
    for name, value in settings.items():
        properties.setProperty(name, value)
    files = jvm.org.apache.hadoop.fs.Path(table.path).getFileSystem(hadoop)
    sync = jvm.org.apache.hudi.sync.common.util.SyncUtilHelpers.runHoodieMetaSync
    try:
        sync(settings[TOOL], properties, hadoop, files, table.path, "PARQUET")
    except Py4JError as error:
        raise CatalogError(
            f"{table.name}: its rows are committed, but the Glue catalog was not told of it in "
            f"database {database}. Run the job again when this is mended: {_cause(error)}"
        ) from error


def _settings(table: HudiTable, database: str) -> dict[str, str]:
    return {
        TOOL: "org.apache.hudi.aws.sync.AwsGlueCatalogSyncTool",
        "hoodie.datasource.hive_sync.database": database,
        "hoodie.datasource.hive_sync.table": table.name,
        # Databases are Terraform's, with their grants; one that is missing is a mistake.
        "hoodie.datasource.hive_sync.auto_create_database": "false",
        "hoodie.datasource.hive_sync.partition_extractor_class": (
            "org.apache.hudi.hive.NonPartitionedExtractor"
        ),
        "hoodie.datasource.hive_sync.partition_fields": "",
        # Otherwise timestamps are registered as bigint.
        "hoodie.datasource.hive_sync.support_timestamp": "true",
        # Every update makes a version of the entry, of which Glue keeps a limited number.
        "hoodie.datasource.meta_sync.condition.sync": "true",
        "hoodie.metadata.enable": "false",
        **_own_settings(table.spark),
    }


def _own_settings(spark: SparkSession) -> dict[str, str]:
    given = dict(spark.sparkContext.getConf().getAll())
    return {n.removeprefix("spark."): v for n, v in given.items() if n.startswith(PASSED_ON)}


def _cause(error: Py4JError) -> str:
    """The innermost Java exception, which says what was wrong."""
    thrown = getattr(error, "java_exception", None)
    while thrown is not None and thrown.getCause() is not None:
        thrown = thrown.getCause()
    return thrown.toString() if thrown is not None else str(error)
