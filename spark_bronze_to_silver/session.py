"""The Spark session that the job needs, on Glue and on a laptop."""

from collections.abc import Mapping

from py4j.java_gateway import JavaClass, JavaPackage
from pyspark.sql import SparkSession

# Timestamps: DMS writes them without a zone, in UTC. Kryo and its registrar are what the Hudi guide
# asks for ("Spark Guide", 0.15.0). Its session extension and catalog are for SQL statements, which
# the job has none of; they would look through the plan of every step, a tenth of a batch's time.
REQUIRED = {
    "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
    "spark.kryo.registrator": "org.apache.spark.HoodieSparkKryoRegistrar",
    "spark.sql.session.timeZone": "UTC",
    # Rows that the driver keeps have their dates as Java's own, also those before 1900.
    "spark.sql.datetime.java8API.enabled": "true",
    # Frames with few rows are fetched at once, not partition by partition.
    "spark.sql.limit.initialNumPartitions": "64",
    # A malformed time is null, and so a row's problem; Spark's default is to stop at some of them.
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    # DMS counts days by today's calendar back to year 1. Spark does not know that of its files, and
    # would refuse one with a date before 1582 or a time before 1900.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    # With pruning, a line of text is not checked for the number of its fields.
    "spark.sql.csv.parser.columnPruning.enabled": "false",
    # Filters on a row's problem, a long expression, took the optimizer a minute a query to reason
    # about. What it could infer from them is of no use here.
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    # Kept rows are used two or three times; to compress them takes a fifth of a first load. What
    # memory does not hold lies on disk, on Glue as here.
    "spark.sql.inMemoryColumnarStorage.compressed": "false",
}
# What nearly every step of a DataFrame looks up in Java.
ASKED_OFTEN = (
    "functions",
    "PythonUtils",
    "PythonSQLUtils",
    "SparkSession",
    "SparkSession$",
    "org",
    "java",
)


class Remembered:
    """A Java package or class whose members are looked up once.

    py4j asks Java for each of them every time it is named: for a class in a package jar by jar,
    for a function of pyspark.sql.functions one by one. That is a tenth of a small batch's time.
    """

    def __init__(self, java: JavaPackage | JavaClass) -> None:
        self._java = java

    def __getattr__(self, name: str) -> object:
        found = getattr(self._java, name)
        if isinstance(found, JavaPackage):
            found = Remembered(found)
        setattr(self, name, found)
        return found

    def __call__(self, *arguments: object) -> object:
        """A new object of the class."""
        return self._java(*arguments)


def build_session(extra: Mapping[str, str] | None = None) -> SparkSession:
    """A session with the required settings and the home's own; returns the running one if any."""
    builder = SparkSession.builder.appName("bronze-to-silver")
    for name, value in {**REQUIRED, **(extra or {})}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    for name in ASKED_OFTEN:
        found = getattr(session._jvm, name)
        if not isinstance(found, Remembered):
            setattr(session._jvm, name, Remembered(found))
    return session
