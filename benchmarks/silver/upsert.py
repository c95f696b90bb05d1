"""An upsert of 1 % of a table beside what others would do with the same Bronze file.

Usage: .venv/bin/python benchmarks/silver/upsert.py [--rows N] [--rounds N] [--scattered]

The peers: Hudi's datasource with the payload that it has for DMS (AWSDmsAvroPayload), given the
rows of the file as they are; and writing the whole table anew as plain Parquet, old rows and new
ones. The changed rows are the newest ones, or any with --scattered. All have a table of the same
rows, warmed by one such change, and run in turns.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from statistics import median

from invoices import contract, recent, scattered, write_changes, write_load
from lakes import bench, merge, seconds
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

SHARE = 0.01
KEY = ["tenant_id", "id"]
# As the Hudi documentation sets up its writer for DMS: by the sequence of the changes.
DMS_PEER = {
    "hoodie.table.name": "peer",
    "hoodie.datasource.write.payload.class": "org.apache.hudi.common.model.AWSDmsAvroPayload",
    "hoodie.datasource.write.recordkey.field": ",".join(KEY),
    "hoodie.datasource.write.precombine.field": "dms_change_seq",
    "hoodie.datasource.write.keygenerator.class": (
        "org.apache.hudi.keygen.NonpartitionedKeyGenerator"
    ),
    "hoodie.datasource.write.partitionpath.field": "",
    "hoodie.datasource.write.row.writer.enable": "false",
}


class Lake:
    """One Bronze and three tables of its rows: the job's, the peer's and plain Parquet."""

    def __init__(self, spark: SparkSession, folder: Path, rows: int) -> None:
        self.spark, self.folder = spark, folder
        self.changes = 0
        write_load(folder / "bronze", rows)
        merge(spark, folder)
        loaded = self.read_bronze("LOAD*.parquet")
        self.write_peer(loaded, "bulk_insert")
        loaded.write.parquet(str(folder / "plain0"))

    def read_bronze(self, name: str) -> DataFrame:
        return self.spark.read.parquet(f"{self.folder}/bronze/{contract().bronze_folder}/{name}")

    def write_peer(self, rows: DataFrame, operation: str) -> None:
        options = {**DMS_PEER, "hoodie.datasource.write.operation": operation}
        parallelism = str(self.spark.sparkContext.defaultParallelism)
        options |= {
            f"hoodie.{o}.shuffle.parallelism": parallelism for o in ("upsert", "bulkinsert")
        }
        path = str(self.folder / "peer")
        rows.write.format("hudi").options(**options).mode("append").save(path)

    def job(self) -> None:
        merge(self.spark, self.folder)

    def hudi(self) -> None:
        self.write_peer(self.changed(), "upsert")

    def rewrite(self) -> None:
        old = self.spark.read.parquet(f"{self.folder}/plain{self.changes - 1}")
        new = self.changed()
        kept = old.join(F.broadcast(new.select(*KEY)), KEY, "left_anti")
        kept.unionByName(new).write.parquet(f"{self.folder}/plain{self.changes}")

    def changed(self) -> DataFrame:
        return self.read_bronze(f"2026/01/02/*-{self.changes:09d}.parquet")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scattered", action="store_true", help="change rows of any age")
    options = parser.parse_args()
    choose = scattered if options.scattered else recent
    keys = choose(options.rows, int(options.rows * SHARE))
    with bench() as (spark, folder):
        lake = Lake(spark, folder / "lake", options.rows)
        ways: dict[str, Callable[[], None]] = {
            "job": lake.job,
            "AWSDmsAvroPayload": lake.hudi,
            "rewrite": lake.rewrite,
        }
        taken = []
        for number in range(options.rounds + 1):
            lake.changes += 1
            write_changes(lake.folder / "bronze", lake.changes, keys)
            found = {name: seconds(way) for name, way in ways.items()}
            print(", ".join(f"{name} {s:.1f} s" for name, s in found.items()))
            if number:
                taken.append(found)
    for peer, aim in (("AWSDmsAvroPayload", "below 1"), ("rewrite", "below 1")):
        ratio = median(found["job"] / found[peer] for found in taken)
        print(f"job / {peer}: median of the ratios {ratio:.2f} (aim: {aim})")


if __name__ == "__main__":
    main()
