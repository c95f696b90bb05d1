"""Parquet files of before and after a column's type was widened, read as one.

Spark 3.5 reads no file under a schema with another type, not even a wider one. So files are read
with their own types and cast; the cast is exact, because only widenings are taken.
"""

from collections import defaultdict
from collections.abc import Sequence

from pyspark.sql import SparkSession
from pyspark.sql import types as t

from contracts.compatibility import is_widened

# What Spark says of a merge, in the error or in one of its causes; its class tells nothing.
MERGE = ("CANNOT_MERGE_SCHEMAS", "CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE", "Failed merging schema")


def is_merge_failure(error: Exception) -> bool:
    """Whether Spark could not merge the schemas of several files that it could all read."""
    return any(word in str(error) for word in MERGE)


def is_wider(found: t.DataType, expected: t.DataType) -> bool:
    """Whether the expected type holds every value of the found one exactly, and more."""
    return is_widened(found.simpleString(), expected.simpleString())


def by_types(
    spark: SparkSession, paths: Sequence[str], names: Sequence[str]
) -> list[tuple[t.StructType, list[str]]]:
    """The files in groups that have these columns, as far as they have them, in the same types."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    schemas: dict[tuple[str, ...], t.StructType] = {}
    for path in paths:
        found = spark.read.parquet(path).schema
        types = {f.name: f.dataType.simpleString() for f in found}
        kind = tuple(types.get(name, "") for name in names)
        groups[kind].append(path)
        schemas.setdefault(kind, found)
    return [(schemas[kind], groups[kind]) for kind in groups]


def physical(expected: t.StructType, found: t.StructType) -> t.StructType:
    """The expected columns, each with the narrower type that it was found with."""
    types = {f.name: f.dataType for f in found}
    fields = []
    for field in expected:
        stored = types.get(field.name, field.dataType)
        narrower = is_wider(stored, field.dataType)
        fields.append(t.StructField(field.name, stored if narrower else field.dataType, True))
    return t.StructType(fields)
