"""The rehearsal's steps in order. Each can be done again; one that is done is not repeated."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator

from lakehouse.demo.steps import Running, Steps
from lakehouse.homes.rehearsal.processes import memory_mib
from lakehouse.rehearsal.stage import Stage
from lakehouse.rehearsal.steps.checks import Checks
from lakehouse.rehearsal.steps.gold import Gold
from lakehouse.rehearsal.steps.layers import Layers
from lakehouse.rehearsal.steps.pipeline import Pipeline
from lakehouse.rehearsal.steps.platform import Platform

Step = Callable[[Running], None]


class Run:
    """One run on a stage; peaks is the highest memory of each step in MiB."""

    def __init__(self, stage: Stage, steps: Steps) -> None:
        self._stage = stage
        self._steps = steps
        self.checks = Checks(stage)
        self.peaks: dict[str, int] = {}

    def all_steps(self) -> None:
        """Do what is not done. Raises LakehouseError at the first step that fails."""
        for title, step in self._story():
            if title in self._stage.record.done:
                continue
            with self._steps.step(title) as running, self._peak(title):
                step(running)
            # A check that found something is tried again by --resume.
            if self.checks.hold:
                self._stage.record.done.append(title)
                self._stage.record.write()

    def _story(self) -> list[tuple[str, Step]]:
        platform, layers = Platform(self._stage), Layers(self._stage)
        gold, checks = Gold(self._stage), self.checks
        return [
            ("Trino and its Java", platform.fetch),
            ("Emulated AWS and Trino started", platform.start),
            ("Source and Bronze (local DMS)", layers.bronze),
            ("Release of the Glue jobs", layers.release),
            ("Glue jobs defined (Terraform)", platform.wait_for_jobs),
            ("Release uploaded", layers.upload_release),
            ("Bronze uploaded", layers.upload),
            ("Silver (Glue jobs on s3://)", layers.silver),
            ("Silver in the Glue catalog", layers.catalog),
            ("terraform apply, dev", platform.apply),
            ("Quality gate (dbt test on Athena)", gold.quality_gate),
            ("Gold on Athena (dbt build)", gold.build),
            ("Grants on tables (second apply)", platform.grants),
            ("Changes of the source in Bronze", layers.changes),
            ("Pipeline (state machine)", Pipeline(self._stage).run),
            ("dbt docs generate", gold.docs),
            ("Gold on DuckDB (dbt run)", gold.duckdb),
            ("Both Golds compared", checks.compare),
            ("Isolation, role by role", checks.isolate),
            ("Tables and clients (pytest)", checks.tests),
        ]

    @contextlib.contextmanager
    def _peak(self, title: str) -> Iterator[None]:
        ended = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(title, ended), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            ended.set()
            watcher.join()

    def _watch(self, title: str, ended: threading.Event) -> None:
        while True:
            stage = self._stage
            roots = [os.getpid(), stage.trino.process_id, stage.emulator.process_id]
            now = memory_mib([pid for pid in roots if pid])
            self.peaks[title] = max(self.peaks.get(title, 0), now)
            if ended.wait(1):
                return
