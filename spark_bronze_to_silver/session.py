"""The Spark session that the job needs, on Glue and on a laptop."""

from collections.abc import Mapping

from pyspark.sql import SparkSession

# Timestamps: DMS writes them without a zone, in UTC. Kryo and the two Hudi classes are what the
# Hudi guide asks for ("Spark Guide", 0.15.0).
REQUIRED = {
    "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
    "spark.kryo.registrator": "org.apache.spark.HoodieSparkKryoRegistrar",
    "spark.sql.extensions": "org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.hudi.catalog.HoodieCatalog",
    "spark.sql.session.timeZone": "UTC",
    # A malformed time is null, and so a row's problem; Spark's default is to stop at some of them.
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    # With pruning, a line of text is not checked for the number of its fields.
    "spark.sql.csv.parser.columnPruning.enabled": "false",
    # Filters on a row's problem, a long expression, took the optimizer a minute a query to reason
    # about. What it could infer from them is of no use here.
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
}


def build_session(extra: Mapping[str, str] | None = None) -> SparkSession:
    """A session with the required settings and the home's own; returns the running one if any."""
    builder = SparkSession.builder.appName("bronze-to-silver")
    for name, value in {**REQUIRED, **(extra or {})}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
