"""Seeding beside a plain COPY of the same rows, and its memory on scale large.

    .venv/bin/python benchmarks/seeding/run.py            # time, scale medium
    .venv/bin/python benchmarks/seeding/run.py --memory   # peak memory, scales small and large

Both sides write the same rows into the same tables with all indexes, checks and foreign keys, on
the same server, in turns; the plain COPY gets its text ready-made. Results go to results/.
"""

import argparse
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path
from time import perf_counter

import psycopg2
import psycopg2.extensions

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "source_app")]
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.setdefault("DJANGO_DEBUG", "0")
os.environ.setdefault("DJANGO_SECRET_KEY", "benchmark")

import django  # noqa: E402

django.setup()

from core.seeding import DIRTS, SCALES, SeedPlan, generate, seed_database  # noqa: E402
from core.seeding.copy_writer import as_chunks  # noqa: E402
from core.seeding.rows import TABLES  # noqa: E402
from django.db import connection  # noqa: E402

from lakehouse.homes.embedded.postgres import EmbeddedPostgres  # noqa: E402
from lakehouse.homes.embedded.source_app import manage  # noqa: E402

TIME_LIMIT = 2.0
MEMORY_LIMIT = 1.5
DAYS = (date(2026, 1, 1), date(2026, 6, 30))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", choices=SCALES, default="medium")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", action="store_true", help="measure peak memory instead")
    parser.add_argument("--peak-of", choices=SCALES, help=argparse.SUPPRESS)
    parser.add_argument("--dsn", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak_of:
        print(peak_of_this_process(options.dsn, options.peak_of))
        return
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        server = EmbeddedPostgres(Path(folder) / "data")
        server.start()
        try:
            manage(server.create_database("migrated"), "migrate", "--verbosity", "0", quiet=True)
            if options.memory:
                memory(server)
            else:
                speed(server, options.scale, options.rounds)
        finally:
            server.stop()


def speed(server: EmbeddedPostgres, scale: str, rounds: int) -> None:
    plans = {name: SeedPlan(SCALES[scale], 42, *DAYS, dirt=dirt) for name, dirt in DIRTS.items()}
    text = ready_made(plans["none"])
    ratios: dict[str, list[float]] = {name: [] for name in plans}
    for number in range(1, rounds + 1):
        plain = timed(server, lambda dsn: copy_plainly(dsn, text))
        line = f"round {number}: plain COPY {plain:.1f} s"
        for name, plan in plans.items():
            seconds = timed(server, lambda dsn, plan=plan: seed(dsn, plan))
            ratios[name].append(round(seconds / plain, 2))
            line += f"; seed_all, dirt {name}: {seconds:.1f} s = {ratios[name][-1]:.2f} x"
        print(line, flush=True)
    report(
        f"speed-{scale}",
        {
            "scale": scale,
            "rows": sum(SCALES[scale].by_table().values()),
            "ratio_limit": TIME_LIMIT,
            "ratios": ratios,
            "median_ratio": {name: statistics.median(found) for name, found in ratios.items()},
        },
        holds=all(statistics.median(found) <= TIME_LIMIT for found in ratios.values()),
    )


def memory(server: EmbeddedPostgres) -> None:
    """Peak resident memory of a whole seeding, each in a process of its own."""
    peaks = {}
    for scale in SCALES:
        dsn = server.create_database(scale, template="migrated")
        arguments = (__file__, "--peak-of", scale, "--dsn", dsn)
        run = subprocess.run(
            [sys.executable, *arguments], capture_output=True, text=True, check=True
        )
        peaks[scale] = round(float(run.stdout))
        server.drop_database(scale)
        rows = sum(SCALES[scale].by_table().values())
        print(f"{scale}: {rows:,} rows, peak {peaks[scale]} MiB", flush=True)
    ratio = peaks["large"] / peaks["medium"]
    report(
        "memory",
        {"peak_mib": peaks, "large_to_medium": round(ratio, 2), "ratio_limit": MEMORY_LIMIT},
        holds=ratio <= MEMORY_LIMIT,
    )


def ready_made(plan: SeedPlan) -> dict[str, str]:
    """The rows of each table as COPY text, made before the clock runs."""
    parts: dict[str, list[str]] = {table: [] for table in TABLES}
    for chunk in as_chunks(generate(plan)):
        parts[chunk.table].append(chunk.text)
    return {table: "".join(found) for table, found in parts.items()}


def copy_plainly(dsn: str, text: dict[str, str]) -> None:
    """One COPY per table in one transaction; foreign keys are checked when it commits."""
    with closing(psycopg2.connect(dsn)) as session, session, session.cursor() as cursor:
        for table, lines in text.items():
            columns = ", ".join(TABLES[table]._fields)
            cursor.copy_expert(f"copy {table} ({columns}) from stdin", io.StringIO(lines))


def seed(dsn: str, plan: SeedPlan) -> None:
    """Everything that `manage.py seed_all` does: generation, COPY, statistics, integrity check."""
    point_django_at(dsn)
    seed_database(plan)
    connection.close()


def timed(server: EmbeddedPostgres, work) -> float:
    """Seconds that the work takes on a new database."""
    dsn = server.create_database("one_round", template="migrated")
    with closing(psycopg2.connect(server.dsn("postgres"))) as session:
        session.autocommit = True
        session.cursor().execute("checkpoint")
    started = perf_counter()
    work(dsn)
    seconds = perf_counter() - started
    server.drop_database("one_round")
    return seconds


def peak_of_this_process(dsn: str, scale: str) -> float:
    """MiB at most while the scale was seeded."""
    seed(dsn, SeedPlan(SCALES[scale], 42, *DAYS, dirt=DIRTS["realistic"]))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def point_django_at(dsn: str) -> None:
    parts = psycopg2.extensions.parse_dsn(dsn)
    connection.close()
    connection.settings_dict.update(
        NAME=parts["dbname"], HOST=parts["host"], PORT=parts["port"], USER=parts["user"]
    )


def report(name: str, result: dict, *, holds: bool) -> None:
    result["holds"] = holds
    path = HERE / "results" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))
    print(f"{'holds' if holds else 'LIMIT EXCEEDED'}; written to {path.relative_to(REPOSITORY)}")
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
