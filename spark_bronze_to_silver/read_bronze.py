"""Reads Bronze files as the contract describes them, or says which file does not fit."""

from collections.abc import Sequence

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql import types as t

from contracts import Contract
from spark_bronze_to_silver.bronze_csv import read_csv
from spark_bronze_to_silver.errors import UnreadableBronzeError
from spark_bronze_to_silver.schemas import FILE, MALFORMED, bronze_schema

PARQUET = ".parquet"

READ_ERRORS = (PySparkException, Py4JJavaError)


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

    Raises UnreadableBronzeError naming the first file that is no Parquet file or whose columns
    have other types. Columns that the schema does not list are left out.
    """
    merged = _schema_of(spark, paths)
    if merged is None or _misfits(merged, schema):
        raise UnreadableBronzeError(_explain(spark, paths, schema))
    rows = spark.read.schema(schema).parquet(*paths)
    malformed = F.lit(None).cast("string").alias(MALFORMED)
    return rows.select("*", F.col("_metadata.file_path").alias(FILE), malformed)


def _schema_of(spark: SparkSession, paths: Sequence[str]) -> t.StructType | None:
    """Union of the files' schemas, from their footers; None when they cannot be merged."""
    try:
        return spark.read.option("mergeSchema", "true").parquet(*paths).schema
    except READ_ERRORS:
        return None


def _misfits(found: t.StructType, expected: t.StructType) -> list[str]:
    types = {field.name: field.dataType for field in expected}
    return [
        f"column {field.name} is {field.dataType.simpleString()}, "
        f"the contract says {types[field.name].simpleString()}"
        for field in found
        if field.name in types and field.dataType != types[field.name]
    ]


def _explain(spark: SparkSession, paths: Sequence[str], schema: t.StructType) -> str:
    """Which file is at fault: looked for one by one, since this is the failing path."""
    for path in paths:
        found = _schema_of(spark, [path])
        if found is None:
            problem = "it is not a readable Parquet file"
        elif misfits := _misfits(found, schema):
            problem = "; ".join(misfits)
        else:
            continue
        return (
            f"Bronze file {path} does not fit: {problem}.\n"
            "Nothing was committed and Bronze is untouched. Restore the file from the source or "
            "move it out of Bronze, then run the job again."
        )
    return f"the {len(paths)} Bronze files cannot be read together; nothing was committed"
