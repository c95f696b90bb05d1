"""From commit in the source to a durable Bronze file, under a steady load.

Usage: .venv/bin/python benchmarks/replication/latency.py [--rate N] [--seconds N] [--interval S]

Transactions of 10 changes are committed at the given rate while the local DMS runs in a process
of its own with that batch interval. A change's latency ends when its file has its name, which it
gets after fsync. Both clocks are this machine's. Prints the 50th, 95th and 99th percentile.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psycopg2
import pyarrow.parquet as pq
from change_source import FIRST_NEW_KEY, Source, source

from contracts import load_contracts
from lakehouse.dms.task import ReplicationTask

CHANGES_A_TRANSACTION = 10
# The first and the last seconds hold the start and the end of the reading.
MARGIN_SECONDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=int, default=1000, help="changes a second")
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--interval", type=float, default=1.0, help="CdcMaxBatchInterval")
    parser.add_argument("--run", nargs=2, metavar=("DSN", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        dsn, folder = options.run
        follow(dsn, Path(folder), options.interval)
        return
    with source() as made, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measure(made, Path(folder), options)


def task(dsn: str, folder: Path) -> ReplicationTask:
    return ReplicationTask(
        dsn=dsn,
        bronze=folder / "bronze",
        state_dir=folder / "dms",
        contracts=load_contracts(),
        slot="bench_latency",
    )


def follow(dsn: str, folder: Path, interval: float) -> None:
    """Replicate until the process is told to end."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    task(dsn, folder).run(stop, flush_seconds=interval)


def measure(made: Source, folder: Path, options: argparse.Namespace) -> None:
    task(made.dsn, folder).full_load()
    arguments = ["--interval", str(options.interval), "--run", made.dsn, str(folder)]
    runner = subprocess.Popen([sys.executable, __file__, *arguments])
    try:
        time.sleep(2)
        late = load(made, options.rate, options.seconds)
        time.sleep(options.interval + 2)
    finally:
        runner.terminate()
        runner.wait(timeout=60)
    latencies = read_latencies(folder / "bronze")
    wanted = options.rate * options.seconds
    if len(latencies) < wanted:
        raise SystemExit(f"Bronze has {len(latencies)} of {wanted} changes")
    committed, seconds = latencies[:, 0], latencies[:, 1]
    inner = (committed > committed[0] + MARGIN_SECONDS) & (
        committed < committed[-1] - MARGIN_SECONDS
    )
    p50, p95, p99 = np.percentile(seconds[inner], [50, 95, 99])
    print(
        f"{options.rate} changes/s for {options.seconds} s (the load fell behind by "
        f"{late:.2f} s at the most), batch interval {options.interval} s: "
        f"p50 {p50:.2f} s, p95 {p95:.2f} s, p99 {p99:.2f} s, longest {seconds[inner].max():.2f} s"
    )


def load(made: Source, rate: int, seconds: int) -> float:
    """Commit transactions at the rate; the seconds by which it fell behind at the most."""
    pause = CHANGES_A_TRANSACTION / rate
    late, key = 0.0, FIRST_NEW_KEY
    options = "-c session_replication_role=replica"
    with closing(psycopg2.connect(made.dsn, options=options)) as link, link.cursor() as cursor:
        started = time.monotonic()
        for number in range(rate * seconds // CHANGES_A_TRANSACTION):
            due = started + number * pause
            late = max(late, time.monotonic() - due)
            time.sleep(max(0.0, due - time.monotonic()))
            cursor.execute("call bench_insert('event', %s, %s)", (key, key + 4))
            cursor.execute("call bench_insert('order', %s, %s)", (key, key + 1))
            cursor.execute("call bench_insert('item', %s, %s)", (key, key + 2))
            link.commit()
            key += 5
    return late


def read_latencies(bronze: Path) -> np.ndarray:
    """Commit time and latency in seconds of every change, in the order of commits.

    A file's change time is that of its own rename: no later step touches its inode.
    """
    found = []
    for file in bronze.rglob("[!.]*.parquet"):
        if file.name.startswith("LOAD"):
            continue
        named_at = file.stat().st_ctime
        for text in pq.read_table(file, columns=["dms_committed_at"])[0].to_pylist():
            committed = datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)
            found.append((committed.timestamp(), named_at - committed.timestamp()))
    return np.array(sorted(found))


if __name__ == "__main__":
    main()
