"""Starts and stops Trino."""

import contextlib
import json
import os
import subprocess
import time
import urllib.request
from pathlib import Path

from lakehouse.errors import LakehouseError
from lakehouse.homes.rehearsal.engine.downloads import Downloads
from lakehouse.homes.rehearsal.engine.settings import write_settings
from lakehouse.homes.rehearsal.ports import free_port

START_SECONDS = 180
STOP_SECONDS = 30
# 0.9 GB in all. The quick compiler alone starts faster, and queries of a rehearsal are short.
MEMORY = ("-Xms256M", "-Xmx1200M", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
JVM = (
    "-XX:ReservedCodeCacheSize=256M",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:+EnableDynamicAgentLoading",
    "-Djdk.attach.allowAttachSelf=true",
    "-Dfile.encoding=UTF-8",
    "-Duser.timezone=UTC",
)


class Trino:
    """One Trino on a free port of the loopback interface; it has no password."""

    def __init__(self, downloads: Downloads, folder: Path, *, log: Path) -> None:
        self.port = free_port()
        self._downloads = downloads
        self._folder = folder
        self._log = log
        self._process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """The address of its API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def rules(self) -> Path:
        """The file that says who may do what; replaced while Trino runs."""
        return self._folder / "etc" / "rules.json"

    @property
    def process_id(self) -> int | None:
        """The operating system's number of the process; None when it does not run."""
        return self._process.pid if self._process else None

    def start(self, *, aws: str, region: str, key: str) -> None:
        """Start the server without waiting; `wait` says when it answers."""
        write_settings(self._folder / "etc", port=self.port, aws=aws, region=region, key=key)
        (self._folder / "data").mkdir(exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self._folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            )

    def wait(self) -> None:
        """Return when it takes queries; LakehouseError when it ends or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process is None or self._process.poll() is not None:
                raise LakehouseError(f"Trino did not start; its log is {self._log}")
            if time.monotonic() > deadline:
                self.stop()
                raise LakehouseError(
                    f"Trino did not answer within {START_SECONDS} s; its log is {self._log}"
                )
            time.sleep(0.3)

    def stop(self) -> None:
        """End the server."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _command(self) -> list[str]:
        home, etc = self._downloads.trino, self._folder / "etc"
        properties = {
            "node.environment": "rehearsal",
            "node.id": "rehearsal",
            "node.data-dir": self._folder / "data",
            # Without it the port, which asks for no password, is open on every interface.
            "node.bind-ip": "127.0.0.1",
            "node.internal-address": "127.0.0.1",
            "plugin.dir": home / "plugin",
            "config": etc / "config.properties",
            "catalog.config-dir": etc / "catalog",
            "log.levels-file": etc / "log.properties",
        }
        options = [f"-D{name}={value}" for name, value in properties.items()]
        classes = ["-cp", f"{home}/lib/*", "io.trino.server.TrinoServer"]
        return [str(self._downloads.java), *MEMORY, *JVM, *options, *classes]

    def _answers(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            answer = urllib.request.urlopen(f"{self.url}/v1/info", timeout=2)
            return json.load(answer)["starting"] is False
        return False
