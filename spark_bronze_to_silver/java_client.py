"""Upserts few rows by Hudi's client for one process, where a session has it (decision 0059).

The datasource takes half a dozen of Spark's jobs for a commit, however few its rows are. The Java
client does the same in a thread of the driver, with the handles that write the files for Spark as
well (hudi-client-common): index, payload, file sizes, markers, cleaning and timeline are the same.
"""

from collections.abc import Mapping
from contextlib import closing

from py4j.java_gateway import JavaClass, JavaObject
from pyspark.sql import DataFrame, SparkSession

from spark_bronze_to_silver.errors import UnwrittenRowsError
from spark_bronze_to_silver.kept import FEW_ROWS


def is_for(rows: DataFrame) -> bool:
    """Whether the session has the client, and Spark knows that the rows are few."""
    client = rows.sparkSession._jvm.org.apache.hudi.client.HoodieJavaWriteClient
    most = rows._jdf.queryExecution().analyzed().maxRows()
    return isinstance(client, JavaClass) and most.isDefined() and most.get() <= FEW_ROWS


def keeps_columns(rows: DataFrame, meta_client: JavaObject) -> bool:
    """Whether the rows, which come with Hudi's columns, have the table's own ones and no others.

    What a batch that changes them does to the table is for the datasource to work out.
    """
    spark, name = rows.sparkSession, meta_client.getTableConfig().getTableName()
    resolver = spark._jvm.org.apache.hudi.common.table.TableSchemaResolver(meta_client)
    return resolver.getTableAvroSchema(False).equals(_stored_schema(spark, name, rows))


def upsert_few(
    rows: DataFrame, path: str, name: str, options: Mapping[str, str], notes: Mapping[str, str]
) -> str:
    """Commit rows that say where their key is stored; returns the commit's instant.

    rows come with Hudi's columns, options are the datasource's, notes go to the commit as they
    are. Raises UnwrittenRowsError when Hudi could not write some of the rows.
    """
    spark = rows.sparkSession
    hudi = spark._jvm.org.apache.hudi
    # The job commits by itself, because a client that does cannot take notes.
    given = _java_map(spark, {**options, "hoodie.auto.commit": "false"})
    stored = _stored_schema(spark, name, rows)
    config = hudi.DataSourceUtils.createHoodieConfig(stored.toString(), path, name, given)
    hadoop = spark._jsc.hadoopConfiguration()
    storage = hudi.hadoop.fs.HadoopFSUtils.getStorageConfWithCopy(hadoop)
    context = hudi.client.common.HoodieJavaEngineContext(storage)
    with closing(hudi.client.HoodieJavaWriteClient(context, config)) as client:
        instant = client.startCommit()
        records = _records(spark, rows, config, given, name, instant)
        written = client.upsertPreppedRecords(records, instant)
        _refuse_errors(name, written)
        noted = hudi.common.util.Option.of(_java_map(spark, notes))
        nothing = spark._jvm.java.util.HashMap(), hudi.common.util.Option.empty()
        client.commit(instant, written, noted, "commit", *nothing)
    return instant


def _records(
    spark: SparkSession,
    rows: DataFrame,
    config: JavaObject,
    options: JavaObject,
    name: str,
    instant: str,
) -> JavaObject:
    """The rows as the datasource makes records of them, fetched by the driver."""
    hudi = spark._jvm.org.apache.hudi
    full = _schema(spark, name, rows)
    told = hudi.common.model.WriteOperationType.UPSERT_PREPPED, instant, True, False, False
    arguments = getattr(hudi, "HoodieCreateRecordUtils$createHoodieRecordRddArgs")(
        rows._jdf,
        config,
        spark._jvm.PythonUtils.toScalaMap(options),
        *_record_name(spark, name),
        full,
        hudi.avro.HoodieAvroUtils.removeMetadataFields(full),
        *told,
    )
    return hudi.HoodieCreateRecordUtils.createHoodieRecordRdd(arguments).collect()


def _refuse_errors(name: str, written: JavaObject) -> None:
    """Hudi goes on after a row that it cannot write, and leaves it to the caller to look."""
    # Not as an iterator: its end is an exception of Java's, that PySpark asks sixty things about.
    statuses = [written.get(n) for n in range(written.size())]
    failed = [status for status in statuses if status.hasErrors()]
    if failed:
        first = next(iter(failed[0].getErrors().values()), failed[0].getGlobalError())
        raise UnwrittenRowsError(
            f"{name}: Hudi could not write {sum(s.getTotalErrorRecords() for s in failed)} rows, "
            f"the first because of: {first}. Nothing was committed; the next run reads the same "
            "files again."
        )


def _stored_schema(spark: SparkSession, name: str, rows: DataFrame) -> JavaObject:
    """The Avro schema of the rows without Hudi's columns, as a commit notes it."""
    utils = spark._jvm.org.apache.hudi.avro.HoodieAvroUtils
    return utils.removeMetadataFields(_schema(spark, name, rows))


def _schema(spark: SparkSession, name: str, rows: DataFrame) -> JavaObject:
    convert = spark._jvm.org.apache.hudi.AvroConversionUtils.convertStructTypeToAvroSchema
    return convert(rows._jdf.schema(), *_record_name(spark, name))


def _record_name(spark: SparkSession, name: str) -> tuple[str, str]:
    """Name and namespace of a table's rows in Avro."""
    both = spark._jvm.org.apache.hudi.AvroConversionUtils.getAvroRecordNameAndNamespace(name)
    return both._1(), both._2()


def _java_map(spark: SparkSession, entries: Mapping[str, str]) -> JavaObject:
    result = spark._jvm.java.util.HashMap()
    for name, value in entries.items():
        result.put(name, value)
    return result
