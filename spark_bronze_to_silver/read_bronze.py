"""Reads Bronze files as the contract describes them, or says which file does not fit."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql import types as t

from contracts import Contract
from spark_bronze_to_silver.bronze_csv import read_csv
from spark_bronze_to_silver.errors import UnreadableBronzeError
from spark_bronze_to_silver.parquet_types import by_types, is_merge_failure, is_wider, physical
from spark_bronze_to_silver.schemas import FILE, MALFORMED, bronze_schema

PARQUET = ".parquet"
READ_ERRORS = (PySparkException, Py4JJavaError)


@dataclass(frozen=True)
class BrokenFile:
    """A file none of whose rows can be had: its path, a reason code, and what is wrong."""

    path: str
    reason: str
    problem: str


def read_bronze(spark: SparkSession, paths: Sequence[str], contract: Contract) -> list[DataFrame]:
    """The rows of the files, one frame for each format among them, none without paths.

    All have the contract's Bronze columns, `_file`, the path that a row came from, and
    `_malformed`, the line of text that could not be split. Values of delimited files are text.
    Raises UnreadableBronzeError; see `read_parquet`.
    """
    parquet = [p for p in paths if p.endswith(PARQUET)]
    text = [p for p in paths if not p.endswith(PARQUET)]
    frames = [read_parquet(spark, parquet, bronze_schema(contract))] if parquet else []
    return [*frames, read_csv(spark, text, contract)] if text else frames


def read_parquet(spark: SparkSession, paths: Sequence[str], schema: t.StructType) -> DataFrame:
    """The rows of Parquet files; a column that a file lacks is null.

    Files from before a type was widened are read with their own types. Raises UnreadableBronzeError
    when a file is no Parquet file or has columns of other types. Columns that the schema does not
    list are left out.
    """
    rows = [
        _read_alike(spark, group, found, schema)
        for found, group in _groups_of_types(spark, paths, schema)
    ]
    malformed = F.lit(None).cast("string").alias(MALFORMED)
    return functools.reduce(DataFrame.unionByName, rows).select("*", malformed)


def _groups_of_types(
    spark: SparkSession, paths: Sequence[str], schema: t.StructType
) -> list[tuple[t.StructType, Sequence[str]]]:
    """Groups of files with one type a column, and what they were found to have."""
    try:
        return [(spark.read.option("mergeSchema", "true").parquet(*paths).schema, paths)]
    except READ_ERRORS as error:
        if not is_merge_failure(error):
            raise UnreadableBronzeError("it is not a readable Parquet file") from error
    return by_types(spark, paths, schema.fieldNames())


def _read_alike(
    spark: SparkSession, paths: Sequence[str], found: t.StructType, schema: t.StructType
) -> DataFrame:
    if misfits := _misfits(found, schema):
        raise UnreadableBronzeError("; ".join(misfits))
    stored = physical(schema, found)
    rows = spark.read.schema(stored).parquet(*paths)
    widened = {
        to.name: F.col(f"`{to.name}`").cast(to.dataType)
        for to, of in zip(schema, stored, strict=True)
        if to.dataType != of.dataType
    }
    return rows.select("*", F.col("_metadata.file_path").alias(FILE)).withColumns(widened)


def broken_files(spark: SparkSession, paths: Sequence[str], contract: Contract) -> list[BrokenFile]:
    """Which of the files cannot be read to their end: each is read by itself."""
    checked = (_broken(spark, path, contract) for path in paths)
    return [file for file in checked if file]


def _broken(spark: SparkSession, path: str, contract: Contract) -> BrokenFile | None:
    try:
        for rows in read_bronze(spark, [path], contract):
            rows.write.format("noop").mode("overwrite").save()
    except UnreadableBronzeError as error:
        return BrokenFile(path, "unreadable_file", str(error))
    except READ_ERRORS as error:
        return BrokenFile(path, "unreadable_file", f"it ends early: {_first_line(error)}")
    return None


def _first_line(error: Exception) -> str:
    cause = getattr(error, "java_exception", None)
    while cause is not None and cause.getCause() is not None:
        cause = cause.getCause()
    return str(cause if cause is not None else error).splitlines()[0]


def _misfits(found: t.StructType, expected: t.StructType) -> list[str]:
    types = {field.name: field.dataType for field in expected}
    return [
        f"column {field.name} is {field.dataType.simpleString()}, "
        f"the contract says {types[field.name].simpleString()}"
        for field in found
        if field.name in types
        and field.dataType != types[field.name]
        and not is_wider(field.dataType, types[field.name])
    ]
