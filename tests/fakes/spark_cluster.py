"""A standalone Spark cluster on loopback: one master and two workers, a process each."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyspark

WORKERS = 2
WAIT_SECONDS = 120
# Java's optimising compiler and parallel collector do not pay for themselves in a minute.
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SPARK_CLASS = Path(pyspark.__file__).parent / "bin" / "spark-class"
DEPLOY = "org.apache.spark.deploy"
ON_LOOPBACK = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")


@contextmanager
def spark_cluster(folder: Path, java_home: Path) -> Iterator[str]:
    """The master's address; each worker has one core and a gigabyte, and its own folder."""
    environment = {
        **os.environ,
        "JAVA_HOME": str(java_home),
        "SPARK_DAEMON_JAVA_OPTS": SHORT_LIVED,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    with ExitStack() as stack:

        def start(name: str, said: str, *arguments: str) -> str:
            log = folder / f"{name}.log"
            process = stack.enter_context(_running(log, environment, arguments))
            return _wait_for(said, log, process)

        address = start(
            "master", r"spark://[0-9.]+:[0-9]+", f"{DEPLOY}.master.Master", *ON_LOOPBACK
        )
        for number in range(WORKERS):
            size = ("--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"work{number}"))
            worker = (f"{DEPLOY}.worker.Worker", *ON_LOOPBACK, *size, address)
            start(f"worker{number}", "Successfully registered with master", *worker)
        yield address


@contextmanager
def _running(
    log: Path, environment: dict[str, str], arguments: tuple[str, ...]
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [SPARK_CLASS, *arguments], env=environment, stdout=output, stderr=output
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=WAIT_SECONDS)


def _wait_for(said: str, log: Path, process: subprocess.Popen[bytes]) -> str:
    """What the process said that matches. Raises AssertionError when it ends or says nothing."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(said, log.read_text()):
            return found[0]
        time.sleep(0.2)
    raise AssertionError(f"{log} never says {said!r}:\n{log.read_text()[-2000:]}")
