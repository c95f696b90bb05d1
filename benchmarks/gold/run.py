"""A build of Gold: beside its own SQL without dbt, after a small change, its memory.

Usage: .venv/bin/python benchmarks/gold/run.py [--case full|incremental|large|memory] [--rounds N]

Data is made first, by the platform's own commands, in the folder given by --data, and kept there.
Exit code 1 when a build's tables differ from those it is compared with, whatever the figures.
"""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import builds
import medallion

from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.state import State, current_state

CHANGED_SHARE = 0.01
# Of scale medium's Silver; scale large has 2,000,000 events and 720,000 items.
COPIES = 7
INCREMENTAL = ("int_sessions__traced", "fct_sessions", "fct_order_items", "fct_orders")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", choices=CASES, action="append", help="default: all")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path, default=current_state().root / "benchmark-gold")
    options = parser.parse_args()
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    different = []
    for case in options.case or CASES:
        scale, measure = CASES[case]
        with medallion.silver_of(options.data.absolute() / scale, scale) as home:
            print(f"{case}, scale {scale}; {today}, load {load()} on {os.cpu_count()} cores")
            different += measure(home, today, options.rounds)
            print(f"load at the end {load()}\n", flush=True)
    if different:
        sys.exit(f"WRONG DATA: the builds differ in {', '.join(sorted(set(different)))}")


def full(home: EmbeddedHome, today: str, rounds: int) -> list[str]:
    """A full build by dbt, in turns with its compiled SQL and with a dbt that builds nothing."""
    gold, straight = home.state.duckdb, home.state.root / "straight" / home.state.duckdb.name
    straight.parent.mkdir(exist_ok=True)
    builds.remove(gold)
    builds.run_dbt(home, today)
    statements = builds.compiled(home.state)
    print(f"{len(statements)} models")
    by_clock, by_cpu, different = [], [], []
    for number in range(1, rounds + 1):
        builds.remove(gold)
        build = builds.run_dbt(home, today)
        sql = builds.run_straight(home, statements, straight)
        different += builds.unlike(statements, gold, straight)
        start_up = builds.run_dbt(home, today, *builds.NOTHING)
        by_clock.append(build.seconds / (sql.seconds + start_up.seconds))
        by_cpu.append(build.cpu / (sql.cpu + start_up.cpu))
        print(
            f"round {number}: dbt run {build}; straight {sql}; start-up {start_up}; "
            f"ratio {by_clock[-1]:.2f}, of CPU {by_cpu[-1]:.2f}",
            flush=True,
        )
    print(f"median ratio {median(by_clock):.2f}, of CPU {median(by_cpu):.2f}")
    return different


def incremental(home: EmbeddedHome, today: str, rounds: int) -> list[str]:
    """After each change of 1 %, the same Gold is built twice: in full, and incrementally."""

    def change() -> int:
        changes = _change(home)
        builds.remove(home.state.duckdb)
        return changes

    builds.remove(home.state.duckdb)
    return _after_changes(
        home.state,
        build=lambda: builds.run_dbt(home, today),
        change=change,
        before=home.state.root / "before.duckdb",
        rounds=rounds,
    )


def large(home: EmbeddedHome, today: str, rounds: int) -> list[str]:
    """The same on copies, of which each changes as the home does."""
    folder = home.state.root / "multiplied"
    state = State(folder)
    medallion.multiplied(home, folder, COPIES)

    def change() -> int:
        changes = _change(home)
        medallion.multiplied(home, folder, COPIES)
        return COPIES * changes

    return _after_changes(
        state,
        build=lambda: builds.run_dbt_on_file(state.duckdb, today),
        change=change,
        before=home.state.root / "before.duckdb",
        rounds=rounds,
    )


def _change(home: EmbeddedHome) -> int:
    # Other rows each time, also when the benchmark goes on from data that it changed before.
    return medallion.change(home, CHANGED_SHARE, seed=int(time.time()))


def _after_changes(
    state: State,
    *,
    build: Callable[[], builds.Build],
    change: Callable[[], int],
    before: Path,
    rounds: int,
) -> list[str]:
    """build makes Gold or brings it up to date; change leaves a Silver that has no Gold yet."""
    gold, whole = state.duckdb, before.with_name("whole.duckdb")
    build()
    by_clock, by_cpu, different = [], [], []
    for number in range(1, rounds + 1):
        shutil.copy(gold, before)
        changes = change()
        rebuilt, in_full, statements = build(), builds.node_seconds(state), builds.compiled(state)
        gold.replace(whole)
        before.replace(gold)
        again, step_by_step = build(), builds.node_seconds(state)
        different += builds.unlike(statements, gold, whole)
        by_clock.append(again.seconds / rebuilt.seconds)
        by_cpu.append(again.cpu / rebuilt.cpu)
        print(
            f"round {number}, {changes:,} changes: incremental {again}; full {rebuilt}; "
            f"ratio {by_clock[-1]:.2f}, of CPU {by_cpu[-1]:.2f}; alone: "
            + ", ".join(f"{f} {step_by_step[f]:.1f} of {in_full[f]:.1f} s" for f in INCREMENTAL),
            flush=True,
        )
    print(f"median ratio {median(by_clock):.2f}, of CPU {median(by_cpu):.2f}")
    return different


def memory(home: EmbeddedHome, today: str, rounds: int) -> list[str]:
    """Resident memory of the dbt process, on copies that have at least scale large's rows."""
    folder = home.state.root / "multiplied"
    rows = medallion.multiplied(home, folder, COPIES)
    build = builds.run_dbt_on_file(folder / home.state.duckdb.name, today)
    print(f"{rows['event']:,} events, {rows['orderitem']:,} items: dbt run {build}")
    return []


def load() -> str:
    return ", ".join(f"{value:.1f}" for value in os.getloadavg())


Measure = Callable[[EmbeddedHome, str, int], Sequence[str]]
CASES: dict[str, tuple[str, Measure]] = {
    "full": ("medium", full),
    "incremental": ("medium", incremental),
    "large": ("medium", large),
    "memory": ("medium", memory),
}


if __name__ == "__main__":
    main()
