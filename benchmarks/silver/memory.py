"""Memory and time of `lakehouse silver` on a whole source, at one scale beside another.

Usage: .venv/bin/python benchmarks/silver/memory.py [--scale medium] [--scale large]

For each scale a source of its own is seeded and loaded to Bronze; then the command runs, all tables
from the first file on. Resident memory is that of its processes together, looked at each second;
Java's heap has the size that every local session has. Prints rows, seconds and the highest memory,
and how many times the rows and the memory grew. Ends with 1 when the command fails.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from lakes import state_in

from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.source_app import manage
from lakehouse.homes.rehearsal.processes import memory_mib
from lakehouse.stages.replicate import replicate
from lakehouse.state import STATE_VARIABLE

LAKEHOUSE = Path(sys.executable).with_name("lakehouse")
SCALES = ("medium", "large")


@dataclass(frozen=True)
class Taken:
    """What a run took: rows of Bronze, seconds on the clock, MiB at most."""

    rows: int
    seconds: float
    memory: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", action="append", help=f"default: {' and '.join(SCALES)}")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    runs = []
    for scale in options.scale or SCALES:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            runs.append(measure(Path(folder), scale))
        taken = runs[-1]
        print(
            f"{scale}: {taken.rows:,} rows, {taken.seconds:,.0f} s, at most {taken.memory:,} MiB",
            flush=True,
        )
    rows, memory = runs[-1].rows / runs[0].rows, runs[-1].memory / runs[0].memory
    print(f"{rows:.1f} times the rows, {memory:.2f} times the memory")


def measure(folder: Path, scale: str) -> Taken:
    home = EmbeddedHome(state_in(folder))
    dsn = home.start_source()
    try:
        manage(dsn, "seed_all", "--scale", scale, "--seed", "1", quiet=True)
        rows = replicate(home).rows
    finally:
        home.postgres.stop()
    began, memory = time.monotonic(), 0
    environment = {**os.environ, STATE_VARIABLE: str(home.state.root)}
    silver = subprocess.Popen([LAKEHOUSE, "silver"], env=environment, stdout=subprocess.DEVNULL)
    while silver.poll() is None:
        memory = max(memory, memory_mib([silver.pid]))
        time.sleep(1)
    if silver.returncode:
        sys.exit(f"lakehouse silver failed on scale {scale}; see the lines above")
    return Taken(rows, time.monotonic() - began, memory)


if __name__ == "__main__":
    main()
