"""Runs Glue jobs as their definitions in the emulator say, in one Spark process.

Not as on Glue: all jobs share one session (eight starts would take two minutes), a worker is a
thread, and the job's role, security configuration and auto scaling have no effect.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.hudi_bundle import resolve_bundle
from lakehouse.homes.embedded.java import find_java
from lakehouse.homes.embedded.spark import local_settings
from lakehouse.homes.rehearsal.emulator import ROOT_KEY, Emulator
from lakehouse.homes.rehearsal.glue import runner
from lakehouse.state import State

PARALLEL_JOBS = 4
MEMORY = "2g"
INSTALL_SECONDS = 120


@dataclass(frozen=True)
class JobRun:
    """How a job ended; output is what its script printed."""

    job: str
    succeeded: bool
    seconds: float
    output: str


class GlueRuntime:
    """Glue for one emulator; files of a run lie in the folder."""

    def __init__(self, emulator: Emulator, state: State, s3_jars: Sequence[Path]) -> None:
        self._emulator = emulator
        self._state = state
        self._jars = s3_jars
        self._folder = state.root / "glue"

    def job_names(self) -> list[str]:
        """Names of all jobs that are defined."""
        pages = self._emulator.client("glue").get_paginator("get_jobs").paginate()
        return sorted(job["Name"] for page in pages for job in page["Jobs"])

    def run(
        self, names: Sequence[str], on_run: Callable[[JobRun], None] = lambda run: None
    ) -> list[JobRun]:
        """Run these jobs. Raises LakehouseError when one fails, with what it printed."""
        glue = self._emulator.client("glue")
        jobs = [glue.get_job(JobName=name)["Job"] for name in names]
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        release = self._release(jobs)
        plan = self._folder / "plan.json"
        plan.write_text(json.dumps(self._plan(jobs, release)))
        runs = []
        for run in self._process(plan, release):
            runs.append(run)
            on_run(run)
        failed = [run for run in runs if not run.succeeded]
        if failed or len(runs) < len(jobs):
            self._raise(failed, len(jobs) - len(runs))
        return runs

    def _release(self, jobs: Sequence[dict[str, Any]]) -> "_Release":
        """Script, wheel and dependencies, from where the definitions say that they are."""
        arguments = [job["DefaultArguments"] for job in jobs]
        script = _one(job["Command"]["ScriptLocation"] for job in jobs)
        wheel = _one(a["--additional-python-modules"] for a in arguments)
        options = _one(a["--python-modules-installer-option"] for a in arguments)
        extra = _one(a["--extra-py-files"] for a in arguments)
        packages = self._folder / "packages"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(packages)]
        subprocess.run(
            [*command, *options.split(), str(self._download(wheel))],
            check=True,
            timeout=INSTALL_SECONDS,
            stdin=subprocess.DEVNULL,
        )
        return _Release(self._download(script), packages, self._download(extra))

    def _download(self, location: str) -> Path:
        place = urlsplit(location)
        target = self._folder / Path(place.path).name
        self._emulator.client("s3").download_file(place.netloc, place.path.lstrip("/"), str(target))
        return target

    def _plan(self, jobs: Sequence[dict[str, Any]], release: "_Release") -> dict[str, Any]:
        java = find_java()
        bundle = resolve_bundle(self._state.jars, java=java, trust_folder=self._state.java)
        local = local_settings(
            self._state, [bundle, *self._jars], self._state.logs / "glue-spark.log"
        )
        chained = _one(job["DefaultArguments"]["--conf"] for job in jobs)
        own = dict(setting.split("=", 1) for setting in chained.split(" --conf "))
        return {
            "settings": {**local, **own, "spark.driver.memory": MEMORY, **self._s3_settings()},
            "parallel": PARALLEL_JOBS,
            "script": str(release.script),
            "jobs": [
                {"name": job["Name"], "arguments": _command_line(job["DefaultArguments"])}
                for job in jobs
            ],
        }

    def _s3_settings(self) -> dict[str, str]:
        """s3:// is Hadoop's S3 file system, which talks to the emulator; on Glue it is EMRFS."""
        return {
            "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
            "spark.hadoop.fs.s3a.endpoint": self._emulator.url,
            "spark.hadoop.fs.s3a.path.style.access": "true",
            "spark.hadoop.fs.s3a.access.key": ROOT_KEY,
            "spark.hadoop.fs.s3a.secret.key": ROOT_KEY,
        }

    def _process(self, plan: Path, release: "_Release") -> Iterator[JobRun]:
        self._state.logs.mkdir(parents=True, exist_ok=True)
        with (self._state.logs / "glue.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, runner.__file__, str(plan)],
                cwd=self._folder,
                env={
                    **os.environ,
                    "PYTHONPATH": f"{release.packages}{os.pathsep}{release.dependencies}",
                    "JAVA_HOME": str(find_java().home),
                    "PYSPARK_PYTHON": sys.executable,
                    "SPARK_LOCAL_IP": "127.0.0.1",
                    "TZ": "UTC",
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    if line.startswith("{"):
                        found = json.loads(line)
                        yield JobRun(**found)
                process.wait()
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait()

    def _raise(self, failed: Sequence[JobRun], missing: int) -> None:
        if failed:
            said = "\n".join(f"{run.job}: {run.output.strip()[-1500:]}" for run in failed)
            raise LakehouseError(f"{len(failed)} Glue jobs failed; others' commits stand.\n{said}")
        raise LakehouseError(
            f"the Spark process ended with {missing} jobs not run; its log is "
            f"{self._state.logs / 'glue.log'}"
        )


@dataclass(frozen=True)
class _Release:
    script: Path
    packages: Path
    dependencies: Path


def _one(values: Iterator[str]) -> str:
    """The value that all jobs have; they are of one release."""
    (value,) = set(values)
    return value


def _command_line(arguments: dict[str, str]) -> list[str]:
    """A script's arguments as Glue gives them: all of the definition's, in no order."""
    return [part for name, value in sorted(arguments.items()) for part in (name, value)]
