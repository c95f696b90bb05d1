"""What each stage does in a cycle; the loops around it are in `process`."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.live.latency import Latencies, NewFiles
from lakehouse.live.status import StageStatus, read_status
from lakehouse.stages.gold import run_models
from lakehouse.stages.replicate import replicate
from lakehouse.stages.silver import build_silver

Cycle = Callable[[StageStatus], StageStatus]


def replication_cycles(home: EmbeddedHome) -> Cycle:
    """Bring what the source has committed to Bronze; the first time the full load."""

    def cycle(status: StageStatus) -> StageStatus:
        began = time.time()
        rows = replicate(home).rows
        return _after(status, rows, horizon=began, began=began)

    return cycle


def silver_cycles(home: EmbeddedHome) -> Cycle:
    """Merge the tables that have new files."""
    files, latencies = NewFiles(home.state.bronze, home.contracts), Latencies()
    # The first cycle takes what lies there: whether an earlier process has read it is not known.
    is_first = True

    def cycle(status: StageStatus) -> StageStatus:
        nonlocal is_first
        began = time.time()
        horizon = _horizon(home, "replicate")
        fresh = files.look()
        if not fresh:
            return _after(status, 0, horizon=horizon, began=began)

        def on_start(table: str) -> None:
            # It may have waited for other tables: what has come since is merged with the rest.
            fresh[table] += files.look_at(table)

        def on_result(result) -> None:
            if not is_first:
                latencies.arrived(fresh.get(result.table, []), time.time())

        try:
            results = build_silver(home, tuple(fresh), on_result, on_start=on_start)
        except Exception:
            files.forget(fresh)
            raise
        is_first = False
        done = _after(status, sum(r.rows_read for r in results), horizon=horizon, began=began)
        quarantined = status.quarantined + sum(r.rows_quarantined for r in results)
        return replace(done, quarantined=quarantined, latency=latencies.summary(time.time()))

    return cycle


def gold_cycles(home: EmbeddedHome) -> Cycle:
    """Run the models below the Silver tables that have a new commit."""
    known: dict[str, str] = {}

    def cycle(status: StageStatus) -> StageStatus:
        began = time.time()
        horizon = _horizon(home, "silver")
        commits = _newest_commits(home.state.silver, home.contracts)
        changed = [table for table in commits if commits[table] != known.get(table)]
        if not changed:
            return _after(status, 0, horizon=horizon, began=began)
        below = [f"source:silver.{name}+" for name in _with_derived(home, changed)]
        report = run_models(home.state, select=below)
        known.update(commits)
        return _after(status, report.models, horizon=horizon, began=began)

    return cycle


CYCLES = {"replicate": replication_cycles, "silver": silver_cycles, "gold": gold_cycles}


def _after(status: StageStatus, rows: int, *, horizon: float | None, began: float) -> StageStatus:
    now = time.time()
    return status.after_cycle(rows=rows, horizon=horizon, seconds=now - began, ended_at=now)


def _horizon(home: EmbeddedHome, stage: str) -> float | None:
    before = read_status(home.state, stage)
    return before.horizon if before else None


def _newest_commits(silver: Path, tables: Iterable[str]) -> dict[str, str]:
    """Name of the newest completed commit of each table that has one."""
    commits = {
        table: max((p.stem for p in (silver / table / ".hoodie").glob("*.commit")), default="")
        for table in tables
    }
    return {table: commit for table, commit in commits.items() if commit}


def _with_derived(home: EmbeddedHome, tables: Iterable[str]) -> list[str]:
    """The tables, and those that Silver derives from them."""
    from contracts import derived_tables

    changed = [home.contracts[table] for table in tables]
    return [*(c.name for c in changed), *(t.name for t in derived_tables(changed))]
