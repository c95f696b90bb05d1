"""The Spark session that the job needs, on Glue and on a laptop."""

from collections.abc import Mapping

from pyspark.sql import SparkSession

# Timestamps: DMS writes them without a zone, in UTC. Kryo and its registrar are what the Hudi guide
# asks for ("Spark Guide", 0.15.0). Its session extension and catalog are for SQL statements, which
# the job has none of; they would look through the plan of every step, a tenth of a batch's time.
REQUIRED = {
    "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
    "spark.kryo.registrator": "org.apache.spark.HoodieSparkKryoRegistrar",
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
# Every function of pyspark.sql.functions and every list of columns first asks Java what these names
# are, and py4j looks for a class of that name in each package it knows, jar by jar: a millisecond.
# Remembered, each is asked once.
ASKED_OFTEN = ("functions", "PythonUtils", "PythonSQLUtils", "org", "java")


def build_session(extra: Mapping[str, str] | None = None) -> SparkSession:
    """A session with the required settings and the home's own; returns the running one if any."""
    builder = SparkSession.builder.appName("bronze-to-silver")
    for name, value in {**REQUIRED, **(extra or {})}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    for name in ASKED_OFTEN:
        setattr(session._jvm, name, getattr(session._jvm, name))
    return session
