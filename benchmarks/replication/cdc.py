"""Change data capture to durable Parquet beside pg_recvlogical to nowhere, on the same changes.

Usage: .venv/bin/python benchmarks/replication/cdc.py [--changes N] [--runs N]

Both read the same slot position alternately: pg_recvlogical (pgoutput, /dev/null), then the local
DMS until its files and its state are on the disk. Prints each run, the medians and their ratio.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from change_source import PROGRAMS, Source, copy_slot, drop_slot, load_changes, source, timed

from contracts import load_contracts
from lakehouse.dms import source as dms_source
from lakehouse.dms.state import STREAMING, TaskState, write_state
from lakehouse.dms.task import ReplicationTask

SLOT = "bench_run"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--capture", metavar="DSN", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.capture:
        print(json.dumps(capture(options.capture)))
        return
    with source() as made:
        compare(made, options.changes, options.runs)


def compare(made: Source, changes: int, runs: int) -> None:
    end = load_changes(made, changes)
    peer, ours = [], []
    for _ in range(runs):
        copy_slot(made, SLOT)
        seconds, cpu, _ = timed(recvlogical(made.dsn, end))
        drop_slot(made, SLOT)
        peer.append(seconds)
        show("pg_recvlogical", changes, seconds, cpu)
        copy_slot(made, SLOT)
        _, _, printed = timed([sys.executable, __file__, "--capture", made.dsn])
        drop_slot(made, SLOT)
        found = json.loads(printed)
        if found["rows"] < changes:
            raise SystemExit(f"the local DMS wrote {found['rows']} of {changes} changes")
        ours.append(found["seconds"])
        show("local DMS", changes, found["seconds"], found["cpu"], found)
    their_median, our_median = statistics.median(peer), statistics.median(ours)
    pairs = statistics.median(p / o for p, o in zip(peer, ours, strict=True))
    print(
        f"median: pg_recvlogical {changes / their_median:,.0f} changes/s, "
        f"local DMS {changes / our_median:,.0f} changes/s"
    )
    print(f"ratio of medians {their_median / our_median:.2f}, median of paired ratios {pairs:.2f}")


def recvlogical(dsn: str, end: str) -> list[str]:
    """Its command line; it ends behind the last change and flushes nothing."""
    options = ["-o", "proto_version=1", "-o", "publication_names=lakehouse"]
    return [
        str(PROGRAMS / "pg_recvlogical"), "-d", dsn, "--slot", SLOT, "--start", "--no-loop",
        "-F", "0", "-f", "/dev/null", "--endpos", end, *options,
    ]  # fmt: skip


def capture(dsn: str) -> dict[str, float]:
    """Follow the slot to its end; seconds and CPU seconds from connecting to acknowledging."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, dms_source.connect(dsn) as link:
        with link.cursor() as cursor:
            cursor.execute(
                "select confirmed_flush_lsn from pg_replication_slots where slot_name = %s", (SLOT,)
            )
            ((start,),) = cursor.fetchall()
        task = ReplicationTask(
            dsn=dsn,
            bronze=Path(folder) / "bronze",
            state_dir=Path(folder) / "dms",
            contracts=load_contracts(),
            slot=SLOT,
        )
        identity = dms_source.identify(link)
        lsn = dms_source.parse_lsn(start)
        write_state(task.state_file, TaskState(STREAMING, SLOT, *identity, durable_lsn=lsn))
        cpu, started = cpu_seconds(), time.perf_counter()
        report = task.catch_up()
        return {
            "seconds": time.perf_counter() - started,
            "cpu": cpu_seconds() - cpu,
            "rows": sum(report.rows_by_table.values()),
            "files": report.files,
            "megabytes": report.bytes / 1e6,
            "transactions": report.transactions,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def show(
    name: str, changes: int, seconds: float, cpu: float, found: dict[str, float] | None = None
) -> None:
    more = ""
    if found:
        more = (
            f"  {found['transactions']:,} transactions, {found['files']} files, "
            f"{found['megabytes']:.1f} MB, peak {found['peak_mb']:.0f} MB"
        )
    print(
        f"{name:15} {seconds:6.2f} s  {changes / seconds:8,.0f} changes/s  client CPU {cpu:.2f} s"
        f"  load {os.getloadavg()[0]:.1f}{more}",
        flush=True,
    )


if __name__ == "__main__":
    main()
