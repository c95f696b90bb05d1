"""The rehearsal's steps in order. Each can be done again; one that is done is not repeated."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from lakehouse.demo.steps import Running, Steps
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.source_app import manage
from lakehouse.homes.embedded.warehouse import open_warehouse
from lakehouse.homes.rehearsal.buckets import download_bucket, upload_folder
from lakehouse.homes.rehearsal.glue.catalog_sync import hudi_tables, sync_table
from lakehouse.homes.rehearsal.processes import memory_mb
from lakehouse.rehearsal.athena_client import AthenaClient
from lakehouse.rehearsal.comparison import Comparison, compare, gold_tables
from lakehouse.rehearsal.isolation.facts import read_facts, visitors
from lakehouse.rehearsal.isolation.matrix import Cell, probe
from lakehouse.rehearsal.stage import NAME, Stage
from lakehouse.release.build import build_release
from lakehouse.stages.gold import run_models
from lakehouse.stages.replicate import replicate
from lakehouse.state import REPOSITORY

SEED, SCALE = "42", "small"
SILVER, WORKGROUP = "lakehouse_silver", f"{NAME}-data-engineering"
RELEASE = "0.1.0"
PARALLELISM = "-parallelism=30"
# The state machine's own commands (terraform/modules/orchestration).
QUALITY_GATE = "dbt test --select source:silver"
BUILD = "dbt build --exclude-resource-type unit_test"
DEFINED_SECONDS = 300


@dataclass
class Outcome:
    """What the rehearsal found; peaks is the highest memory of each step in MB."""

    comparisons: list[Comparison] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    peaks: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether all tables are equal and every role sees what it is to see."""
        return all(c.is_equal for c in self.comparisons) and all(c.holds for c in self.cells)


class Run:
    """One run of the steps on a stage."""

    def __init__(self, stage: Stage, steps: Steps) -> None:
        self._stage = stage
        self._steps = steps
        self._applied: Future[None] | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="terraform")
        self.outcome = Outcome()

    def all_steps(self) -> None:
        """Do what is not done. Raises LakehouseError at the first step that fails."""
        for title, step in self._story():
            if title in self._stage.record.done:
                continue
            with self._steps.step(title) as running, self._peak(title):
                step(running)
            self._stage.record.done.append(title)
            self._stage.record.write()

    def _story(self) -> list[tuple[str, Callable[[Running], None]]]:
        return [
            ("Trino and its Java", self._fetch),
            ("Emulated AWS and Trino started", self._start),
            ("Source and Bronze (local DMS)", self._bronze),
            ("Release of the Glue jobs", self._release),
            ("Release and Bronze uploaded", self._upload),
            ("Silver (Glue jobs on s3://)", self._silver),
            ("Silver in the Glue catalog", self._catalog),
            ("terraform apply, dev", self._apply),
            ("Quality gate (dbt test on Athena)", self._quality_gate),
            ("Gold on Athena (dbt build)", self._build),
            ("Grants on tables (second apply)", self._grants),
            ("Gold on Athena again (dbt build)", self._build),
            ("dbt docs generate", self._docs),
            ("Gold on DuckDB (dbt run)", self._duckdb),
            ("Both Golds compared", self._compare),
            ("Isolation, role by role", self._isolate),
            ("Tables and clients (pytest)", self._tests),
        ]

    # Platform

    def _fetch(self, step: Running) -> None:
        self._stage.downloads.fetch(step.progress)

    def _start(self, step: Running) -> None:
        self._stage.start()
        # Most of an apply is waiting; the next steps need none of what comes last.
        self._applied = self._pool.submit(self._first_apply)

    def _first_apply(self) -> None:
        if not self._stage.deployment.root.joinpath("terraform.tfvars").exists():
            self._stage.deployment.init()
        self._stage.deployment.apply(PARALLELISM)

    def _defined(self, step: Running) -> None:
        """Wait until the apply has made the Glue jobs and the buckets."""
        deadline = time.monotonic() + DEFINED_SECONDS
        step.progress("waiting for the Glue jobs to be defined")
        while len(self._stage.glue.job_names()) < len(self._stage.home.contracts):
            if self._applied is None or self._applied.done():
                self._apply(step)
                return
            if time.monotonic() > deadline:
                raise LakehouseError("terraform apply did not define the Glue jobs in time")
            time.sleep(0.5)

    def _apply(self, step: Running) -> None:
        if self._applied is None:
            self._first_apply()
        else:
            self._applied.result()
            self._applied = None
        resources = self._stage.deployment.terraform.run("state", "list").splitlines()
        step.detail = f"{len(resources)} resources"

    def _grants(self, step: Running) -> None:
        self._stage.deployment.grant_on_tables()
        self._stage.deployment.apply(PARALLELISM, "-refresh=false")
        lake = self._stage.emulator.client("lakeformation")
        filters = lake.list_data_cells_filter()["DataCellsFilters"]
        step.detail = f"{len(filters)} data cells filters"

    # Bronze and Silver

    def _bronze(self, step: Running) -> None:
        home = self._stage.home
        home.start_source()
        manage(home.dsn(), "seed_all", "--scale", SCALE, "--seed", SEED, quiet=True)
        step.rows = replicate(home, lambda table, rows: step.progress(f"{table} {rows:,}")).rows
        home.postgres.stop()

    def _release(self, step: Running) -> None:
        build_release(self._stage.folder / "release")

    def _upload(self, step: Running) -> None:
        self._defined(step)
        s3, stage = self._stage.emulator.client("s3"), self._stage
        folder = f"releases/{RELEASE}/"
        upload_folder(s3, stage.folder / "release", stage.bucket("scripts"), folder)
        files = upload_folder(s3, stage.home.state.bronze, stage.bucket("bronze"))
        step.detail = f"{files} Bronze files"

    def _silver(self, step: Running) -> None:
        glue = self._stage.glue
        runs = glue.run(glue.job_names(), lambda run: step.progress(run.job))
        step.detail = f"{len(runs)} jobs"

    def _catalog(self, step: Running) -> None:
        stage = self._stage
        silver = stage.home.state.silver
        download_bucket(stage.emulator.client("s3"), stage.bucket("silver"), silver)
        names = hudi_tables(silver)
        for name in names:
            sync_table(
                stage.emulator.client("glue"),
                database=SILVER,
                copy=silver / name,
                location=f"s3://{stage.bucket('silver')}/{name}",
            )
        step.detail = f"{len(names)} tables"

    # Gold

    def _quality_gate(self, step: Running) -> None:
        self._stage.trino.wait()
        self._dbt(step, QUALITY_GATE)

    def _build(self, step: Running) -> None:
        self._dbt(step, BUILD, *self._today())

    def _docs(self, step: Running) -> None:
        self._dbt(step, "dbt docs generate", *self._today())

    def _dbt(self, step: Running, command: str, *options: str) -> None:
        done = self._stage.dbt.run(command, *options)
        step.detail = f"{done.passed} nodes passed" if done.passed else ""

    def _today(self) -> list[str]:
        return ["--vars", f"as_of_date: '{self._stage.record.as_of}'"]

    def _duckdb(self, step: Running) -> None:
        report = run_models(
            self._stage.home.state,
            ("as_of_date", self._stage.record.as_of),
            on_node=lambda name, number, total: step.progress(f"{number}/{total} {name}"),
        )
        step.detail = f"{report.models} models"

    def _compare(self, step: Running) -> None:
        athena = AthenaClient(self._stage.emulator, WORKGROUP)
        home = self._stage.home
        found = self.outcome.comparisons = []
        with open_warehouse(home.state, home.contracts.values()) as connection:
            for table in gold_tables(connection):
                step.progress(table)
                found.append(compare(athena, connection, table))
        step.rows = sum(c.rows for c in found)
        step.detail = f"{sum(c.is_equal for c in found)} of {len(found)} tables equal"

    def _isolate(self, step: Running) -> None:
        home, done = self._stage.home, []
        with open_warehouse(home.state, home.contracts.values()) as connection:
            tables = read_facts(connection)
        everybody = visitors(self._stage, home.contracts)

        def on_cell(cell: Cell) -> None:
            done.append(cell)
            step.progress(f"{len(done)} tries")

        self.outcome.cells = probe(self._stage, tables, everybody, on_cell)
        as_expected = sum(cell.holds for cell in self.outcome.cells)
        step.detail = f"{as_expected} of {len(self.outcome.cells)} as expected"

    def _tests(self, step: Running) -> None:
        tests = REPOSITORY / "tests" / "rehearsal"
        command = [sys.executable, "-m", "pytest", "-q", "-m", "rehearsal", str(tests)]
        done = subprocess.run(
            command,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode != 0:
            raise LakehouseError(f"tests on the rehearsal failed:\n{done.stdout[-4000:]}")
        step.detail = done.stdout.strip().splitlines()[-1]

    # Memory

    @contextlib.contextmanager
    def _peak(self, title: str) -> Iterator[None]:
        ended = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(title, ended), daemon=True)
        watcher.start()
        yield
        ended.set()
        watcher.join()

    def _watch(self, title: str, ended: threading.Event) -> None:
        peak = 0
        while True:
            stage = self._stage
            roots = [os.getpid(), stage.trino.process_id, stage.emulator.process_id]
            peak = max(peak, memory_mb([pid for pid in roots if pid]))
            self.outcome.peaks[title] = peak
            if ended.wait(1):
                return
