"""What could not become a Silver row: kept with its reason, until it is redriven or discarded.

One Hudi table for each Silver table, below `_quarantine` beside them. It is in no catalog and in
no dbt source: `raw` holds source values, personal data among them, until an entry is closed. An
entry's key is the file and the hash of the row's values, so a file that is read again adds none.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from contracts import Contract
from spark_bronze_to_silver.bronze_csv import line_columns
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.kept import Kept
from spark_bronze_to_silver.read_bronze import BrokenFile
from spark_bronze_to_silver.schemas import (
    FILE,
    MALFORMED,
    PROBLEM,
    QUARANTINE_COLUMNS,
    QUARANTINE_FOLDER,
    RAW,
    ROW_HASH,
    bronze_schema,
)

OPEN, REDRIVEN, DISCARDED = "open", "redriven", "discarded"
KEY = ("file", ROW_HASH)
MOMENT = "yyyy-MM-dd HH:mm:ss.SSSSSS"


@dataclass(frozen=True)
class Quarantine:
    """The quarantine of one Silver table."""

    spark: SparkSession
    contract: Contract
    silver: str

    @property
    def table(self) -> HudiTable:
        """Where the entries are."""
        path = f"{self.silver.rstrip('/')}/{QUARANTINE_FOLDER}/{self.contract.name}"
        return HudiTable(self.spark, self.contract.name, path, KEY, ordering="state_at")

    def entries(self) -> DataFrame:
        """All entries; none before the first one."""
        return self.table.rows(QUARANTINE_COLUMNS)

    def open_entries(self) -> DataFrame:
        """Entries that nobody has redriven or discarded."""
        return self.entries().where(F.col("state") == OPEN)

    def add(self, found: DataFrame) -> None:
        """Keep those of the found entries that are new."""
        known = self.entries().select(*KEY)
        self._write(found.join(known, on=list(KEY), how="left_anti"))

    def close(self, entries: DataFrame, state: str) -> None:
        """Give the entries their last state; their values are no longer kept."""
        self._write(
            entries.withColumns(
                {"state": F.lit(state), "state_at": _now(), "raw": F.lit(None).cast("string")}
            )
        )

    def _write(self, entries: DataFrame) -> None:
        columns = [F.col(name).cast(kind).alias(name) for name, kind in QUARANTINE_COLUMNS.items()]
        with Kept() as kept:
            rows = kept.keep(entries.select(columns))
            if not rows.isEmpty():
                self.table.upsert(rows, {})

    def of_rows(self, typed: DataFrame) -> DataFrame:
        """Entries of the typed rows that have a problem; `rows` counts equal ones of a file."""
        folder = f"^.*/{self.contract.bronze_folder}/"
        rows = typed.where(F.col(PROBLEM).isNotNull()).select(
            F.regexp_replace(FILE, folder, "").alias("file"),
            F.sha2(RAW, 256).alias(ROW_HASH),
            F.col(PROBLEM).alias("reason"),
            F.col(RAW).alias("raw"),
        )
        grouped = rows.groupBy(*KEY).agg(
            F.min("reason").alias("reason"), F.count("*").alias("rows"), F.first("raw").alias("raw")
        )
        return self._new(grouped)

    def of_files(self, files: Iterable[BrokenFile], folder: str) -> DataFrame:
        """Entries of files that cannot be read; `raw` is the problem in words."""
        found = [(f.path.removeprefix(f"{folder}/"), f.reason, 0, f.problem) for f in files]
        schema = "file string, reason string, rows bigint, raw string"
        entries = self.spark.createDataFrame(found, schema)
        return self._new(entries.withColumn(ROW_HASH, F.sha2("file", 256)))

    def _new(self, entries: DataFrame) -> DataFrame:
        return entries.withColumns(
            {
                "contract_version": F.lit(self.contract.version),
                "first_seen_at": _now(),
                "state": F.lit(OPEN),
                "state_at": _now(),
            }
        )


def bronze_rows(entries: DataFrame, contract: Contract) -> DataFrame:
    """The rows of the entries as Bronze text, with `_file` and `row_hash`.

    Equal rows of a file are one entry; they come as often as they stood there.
    """
    names = bronze_schema(contract).fieldNames()
    schema = ", ".join(f"`{name}` string" for name in (*names, MALFORMED))
    rows = entries.where("rows > 0").withColumn("copy", F.explode(F.expr("sequence(1, rows)")))
    row, line = F.from_json("raw", schema), line_columns(F.col(f"row.{MALFORMED}"), contract)
    is_line = F.col(f"row.{MALFORMED}").isNotNull()
    values = [F.when(is_line, line[n]).otherwise(F.col(f"row.`{n}`")).alias(n) for n in names]
    file = F.concat(F.lit("/"), "file").alias(FILE)
    return rows.withColumn("row", row).select(*values, file, ROW_HASH, line[MALFORMED])


def _now() -> Column:
    return F.date_format(F.current_timestamp(), MOMENT)
