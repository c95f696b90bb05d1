"""Live mode: stages that are killed come back, nothing is lost, and a signal ends it cleanly."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lakehouse.checks.reconciliation import reconcile
from lakehouse.demo.numbers import gold_numbers, source_numbers
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.source_app import manage
from lakehouse.live.status import read_status
from tests.conftest import new_state

pytestmark = [pytest.mark.postgres, pytest.mark.spark, pytest.mark.slow]

LAKEHOUSE = Path(sys.executable).with_name("lakehouse")
PATIENCE_SECONDS = 400


@pytest.fixture
def home(tmp_path):
    home = EmbeddedHome(new_state(tmp_path / "state"))
    home.start_source()
    yield home
    home.postgres.stop()


def wait_for(condition, what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited too long until {what}"
        time.sleep(0.2)


def silver_is_the_source(home: EmbeddedHome) -> bool:
    tables = list(reconcile(home.dsn(), home.state, home.contracts.values()))
    return len(tables) == len(home.contracts) and all(t.agrees for t in tables)


def kill(home: EmbeddedHome, stage: str, killed: dict[str, int]) -> None:
    killed[stage] = read_status(home.state, stage).pid
    os.kill(killed[stage], signal.SIGKILL)


def has_come_back(home: EmbeddedHome, stage: str, killed: int) -> bool:
    status = read_status(home.state, stage)
    return status.pid != killed and status.cycles > 0


def test_killed_stages_come_back_and_each_layer_becomes_the_source(home):
    manage(home.dsn(), "seed_all", "--scale", "small", "--seed", "3", quiet=True)
    watch = subprocess.Popen(
        [LAKEHOUSE, "watch", "--gold-every", "1"],
        env={**os.environ, "LAKEHOUSE_STATE": str(home.state.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        killed = {}
        for stage in ("replicate", "silver"):
            wait_for(lambda s=stage: read_status(home.state, s), f"{stage} has started")
            kill(home, stage, killed)
        # In the middle of a build: dbt, which it has started, is left behind and goes on.
        wait_for(home.state.duckdb.exists, "Gold is being built")
        kill(home, "gold", killed)
        manage(home.dsn(), "simulate_activity", "--transactions", "30", quiet=True)
        wait_for(lambda: silver_is_the_source(home), "Silver holds the source's rows")
        reached = read_status(home.state, "silver").horizon
        for stage, pid in killed.items():
            wait_for(lambda s=stage, p=pid: has_come_back(home, s, p), f"{stage} has come back")
        wait_for(
            lambda: (read_status(home.state, "gold").horizon or 0) >= reached,
            "Gold is built from those rows",
        )
    finally:
        watch.send_signal(signal.SIGTERM)
        said, _ = watch.communicate(timeout=PATIENCE_SECONDS)
    assert watch.returncode == 0, said
    assert said.count("ended with -9") == 3, said
    assert all(read_status(home.state, s).state == "stopped" for s in killed)
    assert gold_numbers(home) == source_numbers(home, f"{datetime.now(UTC):%Y-%m-%d}")
