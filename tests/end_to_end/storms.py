"""A storm: activity in the source while a replicator with faults is killed again and again.

`check` is called whenever all changes have arrived, so other layers can be compared there as well.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from contracts import Contract
from lakehouse.checks.reconciliation import reconcile
from lakehouse.dms.bronze_types import bronze_schema
from lakehouse.dms.errors import ReplicationError
from lakehouse.dms.faults import release_late
from lakehouse.dms.task import ReplicationTask
from lakehouse.homes.embedded.source_app import MANAGE, environment
from lakehouse.state import REPOSITORY, State
from spark_bronze_to_silver.to_silver import run_tables

# Faults after which Bronze still holds everything in files that can be read.
FAULTS = ("ties", "late:0.5", "duplicate:0.5", "reorder:3", "schema-change", "clock-skew:-7200")
ACTIVITY_ROUNDS, TRANSACTIONS = 3, 60
KILLS = 6
# How often Silver is brought up to date in the calm between rounds; after the last it always is.
SILVER_SHARE = 0.3
# A replicator is killed so long after it has begun to work.
LIFE_SECONDS = (0.0, 1.5)
REPLICATOR = """
import sys, threading
from datetime import UTC, datetime
from pathlib import Path
from contracts import load_contracts
from lakehouse.dms.faults import FaultyDelivery, parse_faults, skewed
from lakehouse.dms.task import ReplicationTask

dsn, folder, slot, seed, *faults = sys.argv[1:]
found = parse_faults(faults)
task = ReplicationTask(
    dsn=dsn,
    bronze=Path(folder) / "bronze",
    state_dir=Path(folder) / "dms",
    contracts=load_contracts(),
    slot=slot,
    clock=skewed(lambda: datetime.now(UTC), found),
    delivery=FaultyDelivery(found, int(seed)),
)
print("working", flush=True)
if not task.is_started():
    task.full_load()
task.run(threading.Event(), flush_seconds=0.1)
"""


class Storm:
    """Everything that happens follows from the seed, but for the moments of the kills."""

    def __init__(
        self, dsn: str, folder: Path, contracts: Mapping[str, Contract], *, seed: int
    ) -> None:
        self.dsn, self.contracts = dsn, contracts
        self.state = State(folder)
        self.seed = seed
        self.kills = 0
        self._random = random.Random(seed)
        self._slot = psycopg2.extensions.parse_dsn(dsn)["dbname"]

    def rage(self, check: Callable[["Storm"], None]) -> None:
        """Rounds of activity and kills, each followed by calm, in which `check` is called."""
        for number in range(ACTIVITY_ROUNDS):
            activity = self._activity(number)
            for _ in range(KILLS // ACTIVITY_ROUNDS):
                self._replicator_lives_and_dies()
            assert activity.wait(timeout=120) == 0, "simulate_activity failed"
            self._calm()
            check(self)

    def wants_silver(self) -> bool:
        """Whether Silver is to be brought up to date in this calm."""
        return self._random.random() < SILVER_SHARE

    def task(self) -> ReplicationTask:
        """The task without faults."""
        return ReplicationTask(
            dsn=self.dsn,
            bronze=self.state.bronze,
            state_dir=self.state.dms,
            contracts=self.contracts,
            slot=self._slot,
        )

    def _activity(self, number: int) -> subprocess.Popen[bytes]:
        options = ["--transactions", str(TRANSACTIONS), "--seed", str(100 * self.seed + number)]
        return subprocess.Popen(
            [sys.executable, str(MANAGE), "simulate_activity", *options],
            env=dict(environment(self.dsn)),
            cwd=REPOSITORY,
            stdout=subprocess.DEVNULL,
        )

    def _replicator_lives_and_dies(self) -> None:
        faults = self._random.sample(FAULTS, self._random.randrange(len(FAULTS)))
        arguments = [self.dsn, self.state.root, self._slot, self._random.randrange(1000), *faults]
        process = subprocess.Popen(
            [sys.executable, "-c", REPLICATOR, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stdout.readline()
        time.sleep(self._random.uniform(*LIFE_SECONDS))
        process.send_signal(signal.SIGKILL)
        _, said = process.communicate()
        assert process.returncode == -signal.SIGKILL, f"the replicator ended by itself: {said}"
        self.kills += 1

    def _calm(self) -> None:
        """Bring everything, sometimes by loading anew, and let late files arrive."""
        task = self.task()
        _patiently(task.catch_up if task.is_started() else task.full_load)
        if self._random.random() < 0.3:
            task.reload()
        _patiently(task.catch_up)
        release_late(self.state.bronze)


def _patiently(step: Callable[[], Any]) -> None:
    """The server needs a moment to see that a killed reader has gone."""
    deadline = time.monotonic() + 20
    while True:
        try:
            step()
            return
        except ReplicationError as error:
            if time.monotonic() > deadline or "active" not in str(error):
                raise
            time.sleep(0.1)


def bronze_is_the_source(storm: Storm) -> None:
    """Every table's live rows, replayed from Bronze, are the source's rows, column by column."""
    started = storm.task().load_started()
    for contract in storm.contracts.values():
        replayed = replay(storm.state.bronze, contract, started.get(contract.name))
        in_source = source_rows(storm.dsn, contract)
        missing, extra = in_source.keys() - replayed.keys(), replayed.keys() - in_source.keys()
        wrong = [k for k in in_source.keys() & replayed.keys() if in_source[k] != replayed[k]]
        assert not (missing or extra or wrong), (
            f"storm {storm.seed}, {contract.name}: {len(missing)} missing, {len(extra)} extra, "
            f"{len(wrong)} wrong, such as "
            f"{[(replayed.get(k), in_source.get(k)) for k in [*missing, *extra, *wrong][:1]]}"
        )


def silver_becomes_the_source(storm: Storm, spark: SparkSession) -> None:
    """Silver, brought up to date, has the source's rows, column by column, and no others live."""
    run_tables(
        spark,
        storm.contracts.values(),
        bronze=str(storm.state.bronze),
        silver=str(storm.state.silver),
        load_started=storm.task().load_started(),
    )
    tables = list(reconcile(storm.dsn, storm.state, storm.contracts.values()))
    assert [t.table for t in tables] == list(storm.contracts)
    different = [t for t in tables if not t.agrees]
    assert not different, f"storm {storm.seed}: {different}"


def replay(
    bronze: Path, contract: Contract, load_started: datetime | None
) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """Live rows by key: the last change by sequence wins, and a load replaces what was before.

    The files are read in no order.
    """
    folder = bronze / contract.bronze_folder
    names = [c.name for c in contract.columns]
    key_names = [k for k in contract.key if k in names]
    floor = _digits(f"{load_started:%Y-%m-%d %H:%M:%S.%f}") if load_started else ""
    last: dict[tuple[str, ...], tuple[str, str, tuple[Any, ...]]] = {}
    for file in folder.rglob("[!.]*.parquet"):
        table = pq.ParquetFile(file).read().select(bronze_schema(contract).names)
        for row in table.to_pylist():
            place = row["dms_change_seq"] or _digits(row["dms_committed_at"])
            key = tuple(row[k] for k in key_names)
            if place >= floor and (key not in last or place > last[key][0]):
                last[key] = place, row["Op"], tuple(row[n] for n in names)
    return {key: values for key, (_, op, values) in last.items() if op != "D"}


def source_rows(dsn: str, contract: Contract) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """The source's rows by key, with values as Bronze has them."""
    types = {
        c.name: pa.types.is_string(bronze_schema(contract).field(c.name).type)
        for c in contract.columns
    }
    chosen = ", ".join(
        f"\"{c.name}\" at time zone 'UTC'"
        if c.source_type == "timestamp with time zone"
        else f'host("{c.name}")'
        if c.source_type == "inet"
        else f'"{c.name}"::text'
        if types[c.name]
        else f'"{c.name}"'
        for c in contract.columns
    )
    names = [c.name for c in contract.columns]
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(f"select {chosen} from {contract.source_schema}.{contract.source_table}")
        found = cursor.fetchall()
    places = [names.index(k) for k in contract.key if k in names]
    return {tuple(row[p] for p in places): row for row in found}


def _digits(moment: str) -> str:
    """A load's place among change sequences."""
    return "".join(c for c in moment if c.isdigit())[:16] + "0" * 19
