"""Builds of Gold to compare: dbt as a process, and its compiled SQL straight through DuckDB."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time, sleep

import duckdb
import yaml

from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.silver_relations import create_silver_views
from lakehouse.state import REPOSITORY, STATE_VARIABLE, State

DBT = Path(sys.executable).with_name("dbt")
# Selects no model: what such a run takes is dbt's start-up.
NOTHING = ("--select", "config.materialized:nothing")
KINDS = {"view": "view", "table": "table", "incremental": "table"}


@dataclass(frozen=True)
class Build:
    """What one build took: seconds on the clock and of the processor, resident MiB at most.

    On a machine that other programs keep busy the processor's seconds say more.
    """

    seconds: float
    cpu: float
    peak_mib: float = 0

    def __str__(self) -> str:
        peak = f", peak {self.peak_mib:,.0f} MiB" if self.peak_mib else ""
        return f"{self.seconds:.1f} s ({self.cpu:.1f} of CPU{peak})"


@dataclass(frozen=True)
class Statement:
    """One model as dbt compiled it; relation with schema, quoted."""

    relation: str
    kind: str
    sql: str


def run_dbt(home: EmbeddedHome, as_of: str, *options: str) -> Build:
    """`dbt run` on the home's Gold. Ends the benchmark with dbt's own words when it fails."""
    return _run_dbt(home.state.root, REPOSITORY, as_of, options)


def run_dbt_on_file(file: Path, as_of: str) -> Build:
    """`dbt run` in a database file that has the views over Silver already."""
    profile = yaml.safe_load((REPOSITORY / "profiles.yml.example").read_text())
    duckdb_target = profile["lakehouse"]["outputs"]["duckdb"]
    del duckdb_target["plugins"]
    duckdb_target["path"] = str(file)
    (file.parent / "profiles.yml").write_text(yaml.safe_dump(profile))
    return _run_dbt(file.parent, file.parent, as_of, ())


def _run_dbt(state: Path, profiles: Path, as_of: str, options: Sequence[str]) -> Build:
    command = [DBT, "--quiet", "run", "--vars", json.dumps({"as_of_date": as_of}), *options]
    command += ["--profiles-dir", profiles, "--target-path", State(state).dbt_target]
    log = state / "dbt.out"
    started = perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=REPOSITORY,
            env={**os.environ, STATE_VARIABLE: str(state)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        status, cpu, peak = _finished(process.pid)
    seconds = perf_counter() - started
    if status:
        sys.exit(f"dbt run {' '.join(options)} failed:\n{log.read_text()}")
    return Build(seconds, cpu, peak)


def _finished(process: int) -> tuple[int, float, float]:
    """Waits; exit status, seconds of CPU, and resident MiB at most.

    The kernel's own ru_maxrss would do, but it begins with what the parent had when it forked.
    """
    peak = 0.0
    while True:
        done, status, usage = os.wait4(process, os.WNOHANG)
        if done:
            return status, usage.ru_utime + usage.ru_stime, peak
        peak = max(peak, _resident_at_most(process))
        sleep(0.05)


def _resident_at_most(process: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def node_seconds(state: State) -> dict[str, float]:
    """Seconds of each model in the last dbt run."""
    return {_name(r): r["execution_time"] for r in _results(state)}


def compiled(state: State) -> list[Statement]:
    """The models of the last dbt run, a full one, in the order in which it finished them."""
    nodes = json.loads((state.dbt_target / "manifest.json").read_text())["nodes"]
    return [
        Statement(
            relation=result["relation_name"].partition(".")[2],
            kind=KINDS[nodes[result["unique_id"]]["config"]["materialized"]],
            sql=result["compiled_code"],
        )
        for result in _results(state)
    ]


def remove(database: Path) -> None:
    """Delete a DuckDB file, and what a killed process left of its log."""
    database.unlink(missing_ok=True)
    database.with_name(f"{database.name}.wal").unlink(missing_ok=True)


def run_straight(home: EmbeddedHome, statements: Sequence[Statement], file: Path) -> Build:
    """What the statements take on a new database file, the views over Silver included.

    The file has to be called like dbt's, because compiled SQL names its database.
    """
    remove(file)
    started, cpu = perf_counter(), process_time()
    with duckdb.connect(file) as connection:
        connection.execute("set timezone = 'UTC'")
        create_silver_views(connection, home.state.silver, home.contracts.values())
        for schema in sorted({s.relation.partition(".")[0] for s in statements}):
            connection.execute(f"create schema {schema}")
        for s in statements:
            connection.execute(f"create {s.kind} {s.relation} as {s.sql}")
    return Build(perf_counter() - started, process_time() - cpu)


def unlike(statements: Sequence[Statement], one: Path, other: Path) -> list[str]:
    """Tables of which the two databases hold different rows."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        return [
            s.relation
            for s in statements
            if s.kind == "table" and _differing_rows(connection, s.relation)
        ]


def _differing_rows(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    (names,) = connection.execute(
        f"select string_agg(column_name, ', ') from (describe one.{relation})"
    ).fetchone()
    one, other = (f"(select {names} from {side}.{relation})" for side in ("one", "other"))
    answer = connection.execute(
        f"select count(*) from (({one} except all {other}) union all ({other} except all {one}))"
    )
    return answer.fetchone()[0]


def _results(state: State) -> list[dict]:
    results = json.loads((state.dbt_target / "run_results.json").read_text())["results"]
    return [r for r in results if r["unique_id"].startswith("model.")]


def _name(result: dict) -> str:
    return result["unique_id"].rpartition(".")[2]
