"""Runs Glue jobs as their definitions in the emulator say, in one Spark process.

Not as on Glue: all jobs share one session (eight starts would take two minutes), a worker is a
thread, and the job's role, security configuration and auto scaling have no effect.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.hudi_jars import resolve_bundle
from lakehouse.homes.embedded.java import find_java
from lakehouse.homes.embedded.spark import local_settings
from lakehouse.homes.rehearsal.emulator import ROOT_KEY, Emulator
from lakehouse.homes.rehearsal.glue import runner
from lakehouse.homes.rehearsal.processes import LEAN
from lakehouse.state import State

PARALLEL_JOBS = 4
MEMORY = "900m"
# The other collectors keep memory of their own beside the heap.
COLLECTOR = "-XX:+UseSerialGC"
INSTALL_SECONDS = 120


@dataclass(frozen=True)
class JobRun:
    """How a job ended; output is what its script printed."""

    job: str
    succeeded: bool
    seconds: float
    output: str


@dataclass(frozen=True)
class _Release:
    script: Path
    packages: Path
    dependencies: Path
    jars: Path


class GlueRuntime:
    """Glue for one emulator, as a context: the Spark process starts with the first job.

    Files of a run lie in the state's folder. Jobs may be run from several threads.
    """

    def __init__(self, emulator: Emulator, state: State, aws_jars: Sequence[Path]) -> None:
        self._emulator = emulator
        self._state = state
        self._jars = aws_jars
        self._folder = state.root / "glue"
        self._process: subprocess.Popen | None = None
        self._starting = threading.Lock()
        self._running: dict[str, Future[JobRun]] = {}

    def __enter__(self) -> "GlueRuntime":
        """Nothing yet."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the Spark process, at once when an error is under way."""
        if error[0] is not None and self._process is not None:
            self._process.terminate()
        self.close()

    def close(self) -> None:
        """End the Spark process when its jobs have ended; the next job starts another."""
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait()
            self._process = None

    def job_names(self) -> list[str]:
        """Names of all jobs that are defined."""
        pages = self._emulator.client("glue").get_paginator("get_jobs").paginate()
        return sorted(job["Name"] for page in pages for job in page["Jobs"])

    def run_all(self, on_run: Callable[[JobRun], None] = lambda run: None) -> list[JobRun]:
        """Run all jobs side by side. Raises LakehouseError when one fails."""
        names = self.job_names()

        def one(name: str) -> JobRun:
            run = self.run(name)
            on_run(run)
            return run

        with ThreadPoolExecutor(len(names)) as pool:
            return list(pool.map(one, names))

    def run(self, name: str) -> JobRun:
        """Run one job. Raises LakehouseError when it fails, with what it printed."""
        job = self._emulator.client("glue").get_job(JobName=name)["Job"]
        process = self._started(job)
        asked = {"name": name, "arguments": _command_line(job["DefaultArguments"])}
        future: Future[JobRun] = Future()
        with self._starting:
            self._running[name] = future
            assert process.stdin is not None
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
        run = future.result()
        if not run.succeeded:
            raise LakehouseError(
                f"Glue job {name} failed; commits of others stand.\n{run.output.strip()[-2000:]}"
            )
        return run

    def _started(self, job: dict[str, Any]) -> subprocess.Popen:
        with self._starting:
            if self._process is None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder.mkdir(parents=True)
                release = self._release(job)
                plan = self._folder / "plan.json"
                plan.write_text(json.dumps(self._plan(job, release)))
                self._process = self._spark(plan, release)
                threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
            return self._process

    def _release(self, job: dict[str, Any]) -> _Release:
        """Script, wheel and dependencies, from where the definition says that they are."""
        arguments = job["DefaultArguments"]
        script = self._download(job["Command"]["ScriptLocation"])
        wheel = self._download(arguments["--additional-python-modules"])
        options = arguments["--python-modules-installer-option"].split()
        packages = self._folder / "packages"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(packages)]
        subprocess.run(
            [*command, *options, str(wheel)],
            check=True,
            timeout=INSTALL_SECONDS,
            stdin=subprocess.DEVNULL,
        )
        dependencies = self._download(arguments["--extra-py-files"])
        return _Release(script, packages, dependencies, self._download(arguments["--extra-jars"]))

    def _download(self, location: str) -> Path:
        place = urlsplit(location)
        target = self._folder / Path(place.path).name
        s3 = self._emulator.client("s3")
        s3.download_file(place.netloc, place.path.lstrip("/"), str(target))
        return target

    def _plan(self, job: dict[str, Any], release: _Release) -> dict[str, Any]:
        bundle = resolve_bundle(self._state.jars, java=find_java(), trust_folder=self._state.java)
        local = local_settings(
            self._state, [bundle, release.jars, *self._jars], self._state.logs / "glue-spark.log"
        )
        chained = job["DefaultArguments"]["--conf"].split(" --conf ")
        own = dict(setting.split("=", 1) for setting in chained)
        java = f"{local['spark.driver.extraJavaOptions']} {COLLECTOR}"
        small = {"spark.driver.memory": MEMORY, "spark.driver.extraJavaOptions": java}
        return {
            "settings": {**local, **own, **small, **self._aws_settings()},
            "parallel": PARALLEL_JOBS,
            "script": str(release.script),
        }

    def _aws_settings(self) -> dict[str, str]:
        """Where S3 and Glue are. s3:// is Hadoop's S3 file system; on Glue it is EMRFS."""
        return {
            "spark.hoodie.aws.glue.endpoint": self._emulator.url,
            "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
            "spark.hadoop.fs.s3a.endpoint": self._emulator.url,
            "spark.hadoop.fs.s3a.path.style.access": "true",
            "spark.hadoop.fs.s3a.access.key": ROOT_KEY,
            "spark.hadoop.fs.s3a.secret.key": ROOT_KEY,
        }

    def _spark(self, plan: Path, release: _Release) -> subprocess.Popen:
        self._state.logs.mkdir(parents=True, exist_ok=True)
        with (self._state.logs / "glue.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, runner.__file__, str(plan)],
                cwd=self._folder,
                env={
                    **os.environ,
                    **self._emulator.environment,
                    "PYTHONPATH": f"{release.packages}{os.pathsep}{release.dependencies}",
                    "JAVA_HOME": str(find_java().home),
                    "PYSPARK_PYTHON": sys.executable,
                    "SPARK_LOCAL_IP": "127.0.0.1",
                    **LEAN,
                    "TZ": "UTC",
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def _listen(self, process: subprocess.Popen) -> None:
        """Hand each result to who waits for it; when the process ends, all others fail."""
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                run = JobRun(**json.loads(line))
                self._running.pop(run.job).set_result(run)
        log = self._state.logs / "glue.log"
        for name, future in list(self._running.items()):
            future.set_result(JobRun(name, False, 0, f"the Spark process ended; its log is {log}"))


def _command_line(arguments: dict[str, str]) -> list[str]:
    """A script's arguments as Glue gives them: all of the definition's, in no order."""
    return [part for name, value in sorted(arguments.items()) for part in (name, value)]
