"""Runs job scripts in one Spark session; started as a process by `runtime`.

Its argument is a plan as JSON. Jobs come as lines of JSON on standard input, and each leaves a
line on standard output when it has ended. It imports nothing of this project: what a script finds
is what its job's definition names. The session has the settings of the jobs' own `--conf`, and is
the one that the scripts get.
"""

import contextlib
import io
import json
import runpy
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pyspark.sql import SparkSession


def main(plan_file: str) -> None:
    """Run jobs until standard input ends."""
    plan = json.loads(Path(plan_file).read_text())
    # Scripts print to a common place; what one says is told apart by the thread that says it.
    out = _ByThread(sys.stdout)
    builder = SparkSession.builder.appName("glue")
    for name, value in plan["settings"].items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    with ThreadPoolExecutor(plan["parallel"]) as pool:
        for line in sys.stdin:
            pool.submit(_run, json.loads(line), plan["script"], out)
    session.stop()


def _run(job: dict, script: str, out: "_ByThread") -> None:
    started = time.monotonic()
    text = io.StringIO()
    with out.to(text):
        try:
            code = runpy.run_path(script)["main"](job["arguments"])
        except BaseException:
            traceback.print_exc(file=text)
            code = 1
    ended = {
        "job": job["name"],
        "succeeded": code == 0,
        "seconds": round(time.monotonic() - started, 1),
        "output": text.getvalue(),
    }
    out.line(json.dumps(ended))


class _ByThread(io.TextIOBase):
    """Standard output and error that go where the writing thread wants them."""

    def __init__(self, fallback: io.TextIOBase) -> None:
        self._fallback = fallback
        self._local = threading.local()
        self._lock = threading.Lock()
        sys.stdout = sys.stderr = self

    @contextlib.contextmanager
    def to(self, target: io.TextIOBase):
        self._local.target = target
        yield
        self._local.target = None

    def line(self, text: str) -> None:
        with self._lock:
            self._fallback.write(text + "\n")
            self._fallback.flush()

    def write(self, text: str) -> int:
        return (getattr(self._local, "target", None) or self._fallback).write(text)

    def flush(self) -> None:
        self._fallback.flush()


if __name__ == "__main__":
    main(sys.argv[1])
