"""The one set of versions whose tables Athena reads: checked before anything is written.

Athena promises to read Hudi 0.14 and 0.15, so table version 6 (decision 0001). Glue 5.0 ships
Spark 3.5 with Hudi 0.15.0; Glue 5.1 ships Hudi 1.0.2, which would upgrade the table to version 8.
"""

from pyspark.sql import SparkSession

from spark_bronze_to_silver.errors import UnsupportedVersionError

SPARK, HUDI = "3.5", "0.15"
TABLE_VERSION, TABLE_TYPE = 6, "COPY_ON_WRITE"


def require_versions(spark_version: str, hudi_version: str | None) -> None:
    """Raises UnsupportedVersionError unless this is Spark 3.5 with Hudi 0.15."""
    for product, found, wanted in (("Spark", spark_version, SPARK), ("Hudi", hudi_version, HUDI)):
        if not f"{found}.".startswith(f"{wanted}."):
            raise UnsupportedVersionError(
                f"{product} {found or 'without a version'} is not supported: {wanted} is needed, "
                "or Athena could not read the tables. Nothing was changed. On AWS choose Glue 5.0; "
                "locally run `lakehouse setup`."
            )


def require_layout(path: str, version: int, table_type: str) -> None:
    """Raises UnsupportedVersionError unless the table is copy-on-write of version 6."""
    if (version, table_type) != (TABLE_VERSION, TABLE_TYPE):
        raise UnsupportedVersionError(
            f"{path} is a Hudi table of version {version}, {table_type}; Athena reads version "
            f"{TABLE_VERSION}, and the job writes {TABLE_TYPE}. Nothing was changed. Delete that "
            "folder and run the job again: it reads all of Bronze and builds the table anew."
        )


def hudi_version(spark: SparkSession) -> str | None:
    """The version that the bundle's manifest names; AWS adds a suffix to it."""
    jvm = spark._jvm
    loader = jvm.org.apache.spark.util.Utils.getContextOrSparkClassLoader()
    hudi = jvm.java.lang.Class.forName("org.apache.hudi.DefaultSource", True, loader)
    return hudi.getPackage().getImplementationVersion()
