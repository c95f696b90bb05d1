"""A small batch of changes in all eight tables, from Bronze to committed Silver.

Usage: .venv/bin/python benchmarks/silver/live_batch.py [--batches N] [--warm-up N]

Seeds a source of its own at scale small, and then in turns: simulated transactions, replication,
and the batch that is measured. The session is one as live mode has it, and warm after as many
batches as are not counted. Prints seconds of wall clock and of Java's processor time, and Spark's
jobs, for each batch.
"""

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from lakes import state_in

from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.source_app import manage
from lakehouse.stages.replicate import replicate
from lakehouse.stages.silver import build_silver

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Taken:
    """What has been used up, or was for one batch."""

    wall: float
    java: float
    jobs: int

    @classmethod
    def by_now(cls, spark) -> "Taken":
        """Seconds of the clock and of the Java process, and jobs so far."""
        process = int(spark._jvm.java.lang.ProcessHandle.current().pid())
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        java = (int(fields[11]) + int(fields[12])) / TICKS
        jobs = spark.sparkContext._jsc.sc().dagScheduler().numTotalJobs()
        return cls(time.perf_counter(), java, jobs)

    def since(self, before: "Taken") -> "Taken":
        return Taken(self.wall - before.wall, self.java - before.java, self.jobs - before.jobs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batches", type=int, default=10, help="counted, after the warm-up")
    parser.add_argument("--warm-up", type=int, default=20, help="batches before those")
    parser.add_argument("--transactions", type=int, default=25)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        home = seeded_home(Path(folder))
        try:
            batches = measure(home, options)
        finally:
            home.spark.stop()
            home.postgres.stop()
    walls, java = [b.wall for b in batches], [b.java for b in batches]
    print(
        f"{len(batches)} batches: median {median(walls):.1f} s (aim: 5 s), "
        f"{median(java):.1f} s of Java's processor time, load {os.getloadavg()[0]:.1f}"
    )


def seeded_home(folder: Path) -> EmbeddedHome:
    home = EmbeddedHome(state_in(folder), goes_on=True)
    dsn = home.start_source()
    manage(dsn, "seed_all", "--scale", "small", "--seed", "1", quiet=True)
    replicate(home)
    build_silver(home)
    return home


def measure(home: EmbeddedHome, options: argparse.Namespace) -> list[Taken]:
    batches = []
    for number in range(options.warm_up + options.batches):
        arguments = ("--transactions", str(options.transactions), "--seed", str(number))
        manage(home.dsn(), "simulate_activity", *arguments, quiet=True)
        rows = replicate(home).rows
        before = Taken.by_now(home.spark)
        results = build_silver(home)
        batch = Taken.by_now(home.spark).since(before)
        tables = sum(1 for result in results if result.instant)
        print(
            f"{rows} changes in {tables} tables: {batch.wall:.1f} s, "
            f"Java {batch.java:.1f} s, {batch.jobs} jobs",
            flush=True,
        )
        if number >= options.warm_up:
            batches.append(batch)
    return batches


if __name__ == "__main__":
    main()
