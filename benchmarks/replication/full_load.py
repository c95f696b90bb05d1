"""Full load side by side: the local DMS, ADBC, ConnectorX and dlt write the same tables as Parquet.

Run: `.venv/bin/python benchmarks/replication/full_load.py [--runs N] [--scale NAME]`.
Every load is a process of its own; the contenders take turns, so that a busy machine hits all of
them alike. Time is that of the load without imports, memory the most that the process had. All
write without compression (Parquet's default of each tool's dictionary stays); only the last line
is the local DMS with the project's own GZIP, which none of the others is compared with. The
local DMS also makes its replication slot and forces its files to the disk in that time.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from urllib.parse import quote

import psycopg2.extensions
from rich.console import Console
from rich.table import Table

from lakehouse.homes.embedded.postgres import EmbeddedPostgres
from lakehouse.homes.embedded.source_app import manage
from lakehouse.state import REPOSITORY, current_state

HERE = Path(__file__).parent
OURS, OURS_GZIP = "local DMS", "local DMS, GZIP"
PEERS = {"ADBC": "adbc", "ConnectorX": "connectorx", "dlt (connectorx)": "dlt"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", default="medium")
    parser.add_argument("--dsn", help="a database that is seeded already, on a unix socket")
    options = parser.parse_args()
    peers = peers_python()
    with tempfile.TemporaryDirectory(prefix="full-load-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            dsn = options.dsn or seeded(server, options.scale)
            results = measure(dsn, Path(folder), peers, options.runs)
        finally:
            server.stop()
    show(results)


def seeded(server: EmbeddedPostgres, scale: str) -> str:
    """DSN of a database of that scale on a server that is started for it."""
    print(f"seeding {scale}", flush=True)
    server.start()
    dsn = server.create_database("bench")
    manage(dsn, "migrate", "--verbosity", "0", quiet=True)
    manage(dsn, "seed_all", "--scale", scale, "--end-date", "2026-06-30", quiet=True)
    return dsn


def peers_python() -> Path:
    """Python of an environment that has the other tools; made when it is not there."""
    folder = current_state().root / "benchmarks" / "full-load-peers"
    python = folder / "bin" / "python"
    ready = folder / "ready"
    wanted = (HERE / "peers.txt").read_text()
    if not ready.exists() or ready.read_text() != wanted:
        print("installing the other tools", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        install = [python, "-m", "pip", "install", "--quiet", "-r", HERE / "peers.txt"]
        subprocess.run(install, check=True)
        ready.write_text(wanted)
    return python


def measure(dsn: str, folder: Path, peers: Path, runs: int) -> dict[str, list[dict]]:
    """Rows, seconds and peak MB of each run, by contender. The first round only warms up."""
    parts = psycopg2.extensions.parse_dsn(dsn)
    host = quote(parts["host"], safe="")
    uri = f"postgresql://{parts['user']}@{host}:{parts['port']}/{parts['dbname']}"
    commands = {
        OURS: [sys.executable, HERE / "local_dms.py", "NONE", dsn],
        **{name: [peers, HERE / "peers.py", tool, uri] for name, tool in PEERS.items()},
        OURS_GZIP: [sys.executable, HERE / "local_dms.py", "GZIP", dsn],
    }
    results: dict[str, list[dict]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            with tempfile.TemporaryDirectory(dir=folder) as target:
                measured = run([*command, Path(target) / "out"])
            if number:
                results[name].append(measured)
    assert len({r["rows"] for of_one in results.values() for r in of_one}) == 1
    return results


def run(command: list) -> dict:
    """One load; what it printed, and the most memory that it had."""
    process = subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[1:3]} failed")
    return {**json.loads(printed.splitlines()[-1]), "peak_mb": usage.ru_maxrss / 1024}


def show(results: dict[str, list[dict]]) -> None:
    """One line a contender; the ratio is to the fastest of the other tools."""
    rates = {
        name: statistics.median(r["rows"] / r["seconds"] for r in of_one)
        for name, of_one in results.items()
    }
    fastest = max(rates[name] for name in PEERS)
    rows = results[OURS][0]["rows"]
    table = Table(
        "contender",
        "rows/s (median)",
        "ratio to the fastest other",
        "peak MB",
        title=f"full load of {rows:,} rows, {len(results[OURS])} runs, {os.cpu_count()} CPUs",
    )
    for name, rate in rates.items():
        peak = max(r["peak_mb"] for r in results[name])
        table.add_row(name, f"{rate:,.0f}", f"{rate / fastest:.2f}", f"{peak:,.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
