"""Data to measure on: a source of some scale and its Silver, made by the commands that a user runs.

What was made is kept, and the next run goes on from it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psycopg2

from contracts import derived_tables
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.silver_relations import SCHEMA, create_silver_views
from lakehouse.homes.embedded.source_app import manage
from lakehouse.stages.replicate import replicate
from lakehouse.state import STATE_VARIABLE, State, current_state
from spark_bronze_to_silver.schemas import silver_columns

LAKEHOUSE = Path(sys.executable).with_name("lakehouse")
STEP_TIMEOUT_SECONDS = 3600
# How columns end that hold a key, one's own or another table's.
KEYS = ("_id", "_key")
# Transactions of the simulated shop between two looks at how many rows they have changed.
TRANSACTIONS = 200


@contextmanager
def silver_of(folder: Path, scale: str) -> Iterator[EmbeddedHome]:
    """A home whose Silver holds a source of this scale; its database runs inside the block."""
    home = EmbeddedHome(State(folder))
    _share_bundle(home.state)
    is_done = folder / f"silver-of-{scale}"
    lakehouse(home.state, "up")
    try:
        if not is_done.exists():
            lakehouse(home.state, "seed", "--scale", scale, "--clean")
            lakehouse(home.state, "replicate")
            lakehouse(home.state, "silver")
            is_done.touch()
        yield home
    finally:
        home.postgres.stop()


def change(home: EmbeddedHome, share: float, seed: int) -> int:
    """Let the shop work until so many rows of the source were changed, and bring Silver up to date.

    Returns the number of changes that Bronze received.
    """
    wanted, changes = share * _source_rows(home), 0
    while changes < wanted:
        seed += 1
        options = ("--rate", "0", "--transactions", str(TRANSACTIONS), "--seed", str(seed))
        manage(home.dsn(), "simulate_activity", *options, quiet=True)
        changes += replicate(home).rows
    lakehouse(home.state, "silver")
    return changes


def multiplied(home: EmbeddedHome, folder: Path, times: int) -> dict[str, int]:
    """A new DuckDB file in the folder whose Silver is so many copies of the home's; rows by table.

    Each copy has tenants, and so keys, of its own. The copies are plain Parquet files: what reads
    them is DuckDB's Parquet reader, as it is for Hudi's files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / home.state.duckdb.name).unlink(missing_ok=True)
    rows = {}
    with duckdb.connect(folder / home.state.duckdb.name) as connection:
        connection.execute("set timezone = 'UTC'")
        create_silver_views(connection, home.state.silver, home.contracts.values())
        contracts = list(home.contracts.values())
        for table in (*contracts, *derived_tables(contracts)):
            view, file = f'{SCHEMA}."{table.name}"', folder / f"{table.name}.parquet"
            keys = [n for n in silver_columns(table) if n == "id" or n.endswith(KEYS)]
            renamed = ", ".join(f"{key} || '-' || copy as {key}" for key in keys)
            connection.execute(
                f"copy (select * exclude (copy) replace ({renamed})"
                f" from {view}, range({times}) as copies (copy)) to '{file}'"
            )
            connection.execute(f"create or replace view {view} as from read_parquet('{file}')")
            rows[table.name] = connection.execute(f"select count(*) from {view}").fetchone()[0]
    return rows


def lakehouse(state: State, *arguments: str) -> None:
    """Run a command of the platform on this state; its output is shown when it fails."""
    done = subprocess.run(
        [LAKEHOUSE, *arguments],
        env={**os.environ, STATE_VARIABLE: str(state.root)},
        capture_output=True,
        text=True,
        timeout=STEP_TIMEOUT_SECONDS,
        check=False,
    )
    if done.returncode:
        sys.exit(f"lakehouse {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def _share_bundle(state: State) -> None:
    state.root.mkdir(parents=True, exist_ok=True)
    jars = current_state().jars
    if jars.exists() and not state.jars.exists():
        state.jars.symlink_to(jars)


def _source_rows(home: EmbeddedHome) -> int:
    with psycopg2.connect(home.dsn()) as connection, connection.cursor() as cursor:
        names = [contract.source_table for contract in home.contracts.values()]
        cursor.execute(" union all ".join(f"select count(*) from {name}" for name in names))
        return sum(count for (count,) in cursor.fetchall())
