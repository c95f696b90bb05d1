"""The first load of a table beside a plain Spark write of its rows as Parquet.

Usage: .venv/bin/python benchmarks/silver/first_load.py [--rows N] [--rounds N]

The job reads Bronze, types, counts, reduces, cleans, checks and commits to Hudi. The peer writes
the typed rows, which it finds in memory: they are put there after the job has run, because Spark
shares what is in memory with everyone who asks for the same rows. They run in turns, in a session
with the optimising compiler, as for any large load. Prints seconds of each and the median of the
ratios.
"""

import argparse
import functools
import shutil
from statistics import median

from invoices import write_load
from lakes import bench, merge, seconds, typed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with bench(goes_on=True) as (spark, folder):
        lake, plain = folder / "lake", folder / "plain"
        write_load(lake / "bronze", options.rows)
        ratios = []
        for _ in range(options.rounds):
            shutil.rmtree(lake / "silver", ignore_errors=True)
            job = seconds(lambda: merge(spark, lake))
            with typed(spark, lake) as batch:
                write = batch.rows.write.mode("overwrite")
                peer = seconds(functools.partial(write.parquet, str(plain)))
            ratios.append(job / peer)
            print(f"first load {job:.1f} s, plain Parquet {peer:.1f} s: {ratios[-1]:.2f}")
    print(f"{options.rows:,} rows, median of the ratios {median(ratios):.2f} (aim: 2.0)")


if __name__ == "__main__":
    main()
