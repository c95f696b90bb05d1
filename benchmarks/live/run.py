"""From commit in the source to Silver in live mode, under simulated activity.

Usage: .venv/bin/python benchmarks/live/run.py [--rate N] [--warm-up S] [--seconds S]

Runs on the state that `lakehouse demo` leaves: `lakehouse watch` in a process of its own, and
`simulate_activity` at the given rate beside it. A change's latency ends when its table's commit in
Silver is complete. Percentiles are those of the last two minutes. The machine's load is printed
before and after, because everything shares its cores.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.silver_relations import create_silver_view, current_files
from lakehouse.homes.embedded.source_app import MANAGE, environment
from lakehouse.live.latency import WINDOW_SECONDS
from lakehouse.live.status import read_status
from lakehouse.state import current_state

LAKEHOUSE = Path(sys.executable).with_name("lakehouse")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=float, default=50, help="changes a second")
    parser.add_argument(
        "--warm-up", type=float, default=120, help="seconds under load, not counted"
    )
    parser.add_argument("--seconds", type=float, default=WINDOW_SECONDS)
    parser.add_argument("--gold-every", type=float, default=30)
    options = parser.parse_args()
    home = EmbeddedHome(current_state())
    print(f"load of the machine before: {load()}, {os.cpu_count()} cores")
    watch = subprocess.Popen(
        [LAKEHOUSE, "watch", "--gold-every", str(options.gold_every)], stdout=subprocess.DEVNULL
    )
    minutes = (options.warm_up + options.seconds) / 60
    try:
        wait_for_silver(home)
        command = [sys.executable, MANAGE, "simulate_activity", "--rate", str(options.rate)]
        subprocess.run(
            [*command, "--duration", f"{minutes:.2f}", "--seed", str(int(time.time()))],
            env=dict(environment(home.dsn())),
            stdout=subprocess.DEVNULL,
            check=True,
        )
        report(home)
    finally:
        watch.terminate()
        watch.wait()


def wait_for_silver(home: EmbeddedHome) -> None:
    """Until the session is up and what lay in Bronze is read."""
    while not ((status := read_status(home.state, "silver")) and status.cycles):
        time.sleep(0.5)


def report(home: EmbeddedHome) -> None:
    silver, gold = (read_status(home.state, stage) for stage in ("silver", "gold"))
    latency = silver.latency
    print(f"load of the machine after: {load()}")
    print(
        f"commit in the source to Silver, {latency.changes:,} changes: p50 {latency.p50:.1f} s, "
        f"p95 {latency.p95:.1f} s, longest {latency.longest:.1f} s"
    )
    print(f"last batch of Silver: {silver.seconds:.1f} s")
    print(f"a query of Silver's orders: {query_seconds(home):.2f} s")
    if gold and gold.horizon:
        print(f"Gold is {time.time() - gold.horizon:.0f} s behind; last build {gold.seconds:.1f} s")


def query_seconds(home: EmbeddedHome) -> float:
    started = time.perf_counter()
    order = home.contracts["order"]
    with duckdb.connect() as connection:
        create_silver_view(connection, order, current_files(home.state.silver / order.name))
        connection.execute('select count(*) from lakehouse_silver."order"').fetchall()
    return time.perf_counter() - started


def load() -> str:
    return ", ".join(f"{value:.1f}" for value in os.getloadavg())


if __name__ == "__main__":
    main()
