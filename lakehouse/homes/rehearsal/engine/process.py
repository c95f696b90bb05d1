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
from lakehouse.homes.rehearsal.processes import LEAN, free_port, is_running, stop_process

START_SECONDS = 180
MAIN_CLASS = "io.trino.server.TrinoServer"
# 0.9 GB in all. The quick compiler alone starts faster, and queries of a rehearsal are short.
MEMORY = ("-Xms256M", "-Xmx1000M", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
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

    def __init__(
        self,
        downloads: Downloads,
        folder: Path,
        *,
        log: Path,
        port: int | None = None,
        process_id: int | None = None,
    ) -> None:
        """Port and process id are those of a server that an earlier run left up."""
        self.port = port or free_port()
        self.process_id = process_id
        self._downloads = downloads
        self._folder = folder
        self._log = log

    @property
    def url(self) -> str:
        """The address of its API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def rules(self) -> Path:
        """The file that says who may do what; replaced while Trino runs."""
        return self._folder / "etc" / "rules.json"

    def start(self, *, aws: str, region: str) -> None:
        """Start the server without waiting; `wait` says when it answers."""
        write_settings(self._folder / "etc", port=self.port, aws=aws, region=region)
        (self._folder / "data").mkdir(exist_ok=True)
        with self._log.open("ab") as log:
            self.process_id = subprocess.Popen(
                self._command(),
                cwd=self._folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **LEAN},
            ).pid

    def wait(self) -> None:
        """Return when it takes queries; LakehouseError when it ends or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if not self.is_running():
                raise LakehouseError(f"Trino did not start; its log is {self._log}")
            if time.monotonic() > deadline:
                self.stop()
                raise LakehouseError(
                    f"Trino did not answer within {START_SECONDS} s; its log is {self._log}"
                )
            time.sleep(0.3)

    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process_id is not None and is_running(self.process_id, MAIN_CLASS)

    def stop(self) -> None:
        """End the server."""
        if self.process_id is not None:
            stop_process(self.process_id, MAIN_CLASS)
            self.process_id = None

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
        classes = ["-cp", f"{home}/lib/*", MAIN_CLASS]
        return [str(self._downloads.java), *MEMORY, *JVM, *options, *classes]

    def _answers(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            answer = urllib.request.urlopen(f"{self.url}/v1/info", timeout=2)
            return json.load(answer)["starting"] is False
        return False
