"""Many small commits of one table: do they stay as fast, and the files as few?

Usage: .venv/bin/python benchmarks/silver/commits.py [--commits N] [--rows N] [--changes N]

Each commit changes some rows of any age. Prints the median seconds of a commit for each fifty of
them, the ratio of the last fifty to the second fifty, and the files and commits at the end.
"""

import argparse
from statistics import median

from invoices import contract, scattered, write_changes, write_load
from lakes import bench, merge, seconds

from lakehouse.homes.embedded.silver_relations import current_files

BLOCK = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--commits", type=int, default=300)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--changes", type=int, default=50)
    options = parser.parse_args()
    if options.commits < 3 * BLOCK:
        parser.error(f"--commits: at least {3 * BLOCK}, to compare blocks of {BLOCK}")
    taken = []
    with bench() as (spark, folder):
        lake = folder / "lake"
        write_load(lake / "bronze", options.rows)
        merge(spark, lake)
        keys = scattered(options.rows, options.changes)
        for number in range(1, options.commits + 1):
            write_changes(lake / "bronze", number, keys)
            taken.append(seconds(lambda: merge(spark, lake)))
            if number % BLOCK == 0:
                print(f"commits to {number}: median {median(taken[-BLOCK:]):.2f} s", flush=True)
        table = lake / "silver" / contract().name
        commits = len(list((table / ".hoodie").glob("*.commit")))
        print(f"{len(current_files(table))} current files, {commits} commits on the timeline")
    ratio = median(taken[-BLOCK:]) / median(taken[BLOCK : 2 * BLOCK])
    print(f"last {BLOCK} to commits {BLOCK} to {2 * BLOCK}: {ratio:.2f} (aim: at most 1.1)")


if __name__ == "__main__":
    main()
