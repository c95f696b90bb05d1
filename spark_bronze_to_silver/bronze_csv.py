"""Bronze files as delimited text (`DataFormat=csv`): no header, columns known by their position.

The form is what DMS writes with its defaults and Rfc4180: comma, quotes around text that needs
them, NULL for null and nothing for an empty text (docs/dms-layout.md).
"""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from contracts import Contract
from spark_bronze_to_silver.schemas import COMMITTED_AT, FILE, MALFORMED, OP, bronze_schema

NULL = "NULL"
OPTIONS = {
    "header": "false",
    "sep": ",",
    "quote": '"',
    "escape": '"',
    # A text may hold line ends. The separator is given, or the parser would rewrite those of texts.
    "multiLine": "true",
    "lineSep": "\n",
    "encoding": "UTF-8",
    "mode": "PERMISSIVE",
    "columnNameOfCorruptRecord": MALFORMED,
}


def read_csv(spark: SparkSession, paths: Sequence[str], contract: Contract) -> DataFrame:
    """All values as text under the contract's names, `_file`, and `_malformed`.

    `_malformed` is the whole line when it has another number of fields, else null. A line of
    column names (`AddColumnName`) is left out.
    """
    names = bronze_schema(contract).fieldNames()
    rows = spark.read.options(**OPTIONS).schema(_schema(contract)).csv(list(paths))
    is_header = (F.col(OP) == OP) & (F.col(COMMITTED_AT) == COMMITTED_AT)
    rows = rows.where(~F.coalesce(is_header, F.lit(False)))
    texts = [_text(F.col(f"`{name}`")).alias(name) for name in names]
    return rows.select(*texts, F.col("_metadata.file_path").alias(FILE), MALFORMED)


def line_columns(line: Column, contract: Contract) -> dict[str, Column]:
    """The values of one line of text by column, and `_malformed` as above."""
    parsed = F.from_csv(line, _schema(contract), OPTIONS)
    names = bronze_schema(contract).fieldNames()
    return {**{n: _text(parsed[n]) for n in names}, MALFORMED: parsed[MALFORMED].alias(MALFORMED)}


def _schema(contract: Contract) -> str:
    names = (*bronze_schema(contract).fieldNames(), MALFORMED)
    return ", ".join(f"`{name}` string" for name in names)


def _text(field: Column) -> Column:
    """Spark gives null for a field that is nothing, which DMS means as an empty text."""
    given = F.coalesce(field, F.lit(""))
    return F.when(given != NULL, given)
