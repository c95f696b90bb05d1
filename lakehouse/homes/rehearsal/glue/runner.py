"""Runs job scripts in one Spark session; started as a process by `runtime`, with a plan as JSON.

It imports nothing of this project: what a script finds is what its job's definition names. The
session has the settings of the jobs' own `--conf`, and is the one that the scripts get.
"""

import contextlib
import io
import json
import runpy
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pyspark.sql import SparkSession


def main(plan_file: str) -> None:
    """Run the plan's jobs; write a line of JSON for each that has ended."""
    plan = json.loads(Path(plan_file).read_text())
    builder = SparkSession.builder.appName("glue")
    for name, value in plan["settings"].items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    # Scripts print to a common place; what one says is told apart by the thread that says it.
    out = _ByThread(sys.stdout)
    with ThreadPoolExecutor(plan["parallel"]) as pool:
        futures = [pool.submit(_run, job, plan["script"], out) for job in plan["jobs"]]
        for future in futures:
            future.add_done_callback(lambda f: print(json.dumps(f.result()), flush=True))
    session.stop()


def _run(job: dict, script: str, out: "_ByThread") -> dict:
    started = time.monotonic()
    text = io.StringIO()
    with out.to(text):
        try:
            code = runpy.run_path(script)["main"](job["arguments"])
        except BaseException:
            traceback.print_exc(file=text)
            code = 1
    return {
        "job": job["name"],
        "succeeded": code == 0,
        "seconds": round(time.monotonic() - started, 1),
        "output": text.getvalue(),
    }


class _ByThread(io.TextIOBase):
    """Standard output and error that go where the writing thread wants them."""

    def __init__(self, fallback: io.TextIOBase) -> None:
        import threading

        self._fallback = fallback
        self._local = threading.local()
        sys.stdout = sys.stderr = self

    @contextlib.contextmanager
    def to(self, target: io.TextIOBase):
        self._local.target = target
        yield
        self._local.target = None

    def write(self, text: str) -> int:
        return (getattr(self._local, "target", None) or self._fallback).write(text)

    def flush(self) -> None:
        self._fallback.flush()


if __name__ == "__main__":
    main(sys.argv[1])
