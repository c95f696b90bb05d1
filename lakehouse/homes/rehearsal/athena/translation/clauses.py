"""Clauses of Athena's Hive DDL: columns, partitions, formats, properties."""

from typing import Any

from lakehouse.homes.rehearsal.athena.errors import InvalidRequestError, NotEmulatedError
from lakehouse.homes.rehearsal.athena.tokens import Reader

_HIVE = "org.apache.hadoop.hive"
# Serialization library, input and output format of each STORED AS.
FORMATS = {
    "PARQUET": (
        f"{_HIVE}.ql.io.parquet.serde.ParquetHiveSerDe",
        f"{_HIVE}.ql.io.parquet.MapredParquetInputFormat",
        f"{_HIVE}.ql.io.parquet.MapredParquetOutputFormat",
    ),
    "ORC": (
        f"{_HIVE}.ql.io.orc.OrcSerde",
        f"{_HIVE}.ql.io.orc.OrcInputFormat",
        f"{_HIVE}.ql.io.orc.OrcOutputFormat",
    ),
    "TEXTFILE": (
        f"{_HIVE}.serde2.lazy.LazySimpleSerDe",
        "org.apache.hadoop.mapred.TextInputFormat",
        f"{_HIVE}.ql.io.HiveIgnoreKeyTextOutputFormat",
    ),
}
DELIMITERS = {"FIELDS": "field.delim", "LINES": "line.delim", "ESCAPED": "escape.delim"}
ESCAPES = {r"\t": "\t", r"\n": "\n", r"\001": "\x01", "\\\\": "\\"}
# Clauses after a table's columns, and how many words name them.
CLAUSES = (
    ("PARTITIONED", "BY"),
    ("ROW", "FORMAT"),
    ("STORED", "AS"),
    ("WITH", "SERDEPROPERTIES"),
    ("LOCATION",),
    ("TBLPROPERTIES",),
    ("COMMENT",),
)
TRANSFORMS = {"year", "month", "day", "hour"}


def column_definitions(reader: Reader) -> list[dict[str, str]]:
    """Columns as Glue has them: name, Hive type, comment."""
    columns = []
    for item in reader.items():
        column = {"Name": item.identifier()}
        column["Type"] = "".join(item.words_until("COMMENT")).lower()
        if item.accept("COMMENT"):
            column["Comment"] = item.string()
        columns.append(column)
    return columns


def take_clauses(reader: Reader) -> dict[str, Reader]:
    """The clauses after a table's columns by their words, each ready to be read."""
    found: dict[str, Reader] = {}
    starts = {words[0] for words in CLAUSES}
    while not reader.at_end:
        words = next((words for words in CLAUSES if reader.accept(*words)), None)
        if words is None:
            raise NotEmulatedError(f"clause {reader.word or reader.rest[:30]} of CREATE TABLE")
        start = reader.mark()
        if reader.word == "(":
            reader.group()
        else:
            _past_clause(reader, starts)
        found[" ".join(words)] = reader.between(start)
    return found


def _past_clause(reader: Reader, starts: set[str]) -> None:
    """Go past one value; a clause of ROW FORMAT has several words."""
    reader.value()
    while not reader.at_end and reader.word not in starts:
        reader.value()


def properties(reader: Reader | None) -> dict[str, str]:
    """('a' = 'b', ..) by name; empty without the clause."""
    found = {}
    for item in reader.group().items() if reader else ():
        key = item.value()
        item.expect("=")
        found[key] = item.value()
    return found


def format_of(clauses: dict[str, Reader]) -> dict[str, Any]:
    """How a table's files are read: the part of its storage that says so."""
    name, formats = "TEXTFILE", list(FORMATS["TEXTFILE"])
    parameters: dict[str, str] = {}
    if "STORED AS" in clauses:
        stored = clauses["STORED AS"]
        if stored.accept("INPUTFORMAT"):
            formats[1] = stored.string()
            stored.expect("OUTPUTFORMAT")
            formats[2] = stored.string()
        else:
            name = stored.value().upper()
            if name not in FORMATS:
                raise NotEmulatedError(f"STORED AS {name}")
            formats = list(FORMATS[name])
    if "ROW FORMAT" in clauses:
        row = clauses["ROW FORMAT"]
        if row.accept("SERDE"):
            formats[0] = row.string()
        else:
            parameters |= _delimited(row)
    parameters |= properties(clauses.get("WITH SERDEPROPERTIES"))
    return {
        "InputFormat": formats[1],
        "OutputFormat": formats[2],
        "SerdeInfo": {
            "SerializationLibrary": formats[0],
            "Parameters": parameters or {"serialization.format": "1"},
        },
    }


def _delimited(row: Reader) -> dict[str, str]:
    found = {}
    row.expect("DELIMITED")
    while not row.at_end:
        what = row.value().upper()
        if what not in DELIMITERS:
            raise NotEmulatedError(f"ROW FORMAT DELIMITED {what}")
        if what == "ESCAPED":
            row.expect("BY")
        else:
            row.expect("TERMINATED", "BY")
        text = row.string()
        found[DELIMITERS[what]] = ESCAPES.get(text, text)
    return found


def partition_transforms(reader: Reader) -> list[str]:
    """Iceberg's partition transforms as Trino writes them: bucket(4, id) is bucket(id, 4) there."""
    found = []
    for item in reader.items():
        name = item.identifier()
        if item.at_end:
            found.append(name)
            continue
        arguments = [a.value().lower() for a in item.group().items()]
        if name in TRANSFORMS and len(arguments) == 1:
            found.append(f"{name}({arguments[0]})")
        elif name in ("bucket", "truncate") and len(arguments) == 2:
            number, column = sorted(arguments, key=lambda a: not a.isdigit())
            found.append(f"{name}({column}, {number})")
        else:
            raise InvalidRequestError(f"{name} is not a partition transform of Iceberg")
    return found


def partition_values(reader: Reader) -> dict[str, str]:
    """PARTITION (a = 'x', b = 1): values by column."""
    found = {}
    for item in reader.group().items():
        column = item.identifier()
        item.expect("=")
        found[column] = item.value()
    return found
