"""The first load of a table beside a plain Spark write of its rows as Parquet.

Usage: .venv/bin/python benchmarks/silver/first_load.py [--rows N] [--rounds N]

Both begin with the same Bronze files. The job types, counts, reduces, cleans, checks and commits
to Hudi. The peer writes the typed rows, which it finds in memory. They run in turns. Prints seconds
of each and the median of the ratios.
"""

import argparse
import shutil
from statistics import median

from invoices import write_load
from lakes import bench, merge, seconds, typed_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with bench() as (spark, folder):
        lake, plain = folder / "lake", folder / "plain"
        write_load(lake / "bronze", options.rows)
        rows = typed_rows(spark, lake)
        ratios = []
        for _ in range(options.rounds):
            shutil.rmtree(lake / "silver", ignore_errors=True)
            job = seconds(lambda: merge(spark, lake))
            peer = seconds(lambda: rows.write.mode("overwrite").parquet(str(plain)))
            ratios.append(job / peer)
            print(f"first load {job:.1f} s, plain Parquet {peer:.1f} s: {ratios[-1]:.2f}")
    print(f"{options.rows:,} rows, median of the ratios {median(ratios):.2f} (aim: 2.0)")


if __name__ == "__main__":
    main()
