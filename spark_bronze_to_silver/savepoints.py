"""States of a Hudi table that outlive cleaning and archiving, each kept as a savepoint.

A savepoint's comment says until when its state was the table's, because the commit that replaced
it may be forgotten. Savepoints that somebody else has set are left alone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from py4j.java_gateway import JavaObject
from pyspark.sql import SparkSession

from spark_bronze_to_silver.notes import OWNER, UNTIL
from spark_bronze_to_silver.timeline import Savepoint


def keep_states(spark: SparkSession, path: str, states: Iterable[tuple[str, str]]) -> None:
    """Make savepoints of these instants, each with the instant that replaced its state."""
    with write_client(spark, path) as client:
        for instant, until in states:
            client.savepoint(instant, OWNER, UNTIL + until)


def drop_states(
    spark: SparkSession, path: str, timeline: JavaObject, states: Iterable[str]
) -> None:
    """Take the job's own savepoints among these away; a cleaning then removes their files.

    timeline is the table's active one.
    """
    with write_client(spark, path) as client:
        for instant in states:
            if _details(spark, timeline, instant).getSavepointedBy() == OWNER:
                client.deleteSavepoint(instant)


def savepoint_at(spark: SparkSession, timeline: JavaObject, instant: str) -> Savepoint:
    """What is known of the savepoint of that instant."""
    details = _details(spark, timeline, instant)
    return Savepoint.of(instant, details.getSavepointedBy(), details.getComments())


def files_of(spark: SparkSession, path: str, timeline: JavaObject, instant: str) -> list[str]:
    """The data files of the state that the savepoint keeps; the table has no partitions."""
    (partition,) = _details(spark, timeline, instant).getPartitionMetadata().values()
    names = partition.getSavepointDataFile()
    # The end of an Avro list's iterator is not one that Python knows.
    return [f"{path}/{names.get(number)}" for number in range(names.size())]


@contextmanager
def write_client(spark: SparkSession, path: str) -> Iterator[JavaObject]:
    """Hudi's own client for the table, which sets and deletes savepoints."""
    hudi = spark._jvm.org.apache.hudi
    no_metadata = hudi.common.config.HoodieMetadataConfig.newBuilder().enable(False).build()
    config = hudi.config.HoodieWriteConfig.newBuilder().withPath(path)
    config = config.withMetadataConfig(no_metadata).withEmbeddedTimelineServerEnabled(False).build()
    engine = hudi.client.common.HoodieSparkEngineContext(spark._jsc)
    client = hudi.client.SparkRDDWriteClient(engine, config)
    try:
        yield client
    finally:
        client.close()


def _details(spark: SparkSession, timeline: JavaObject, instant: str) -> JavaObject:
    hudi = spark._jvm.org.apache.hudi.common.table.timeline
    details = timeline.getInstantDetails(hudi.HoodieInstant(False, "savepoint", instant)).get()
    return hudi.TimelineMetadataUtils.deserializeHoodieSavepointMetadata(details)
