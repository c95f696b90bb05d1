"""Starts and stops the AWS emulator."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from lakehouse.errors import LakehouseError
from lakehouse.homes.rehearsal.ports import free_port

if TYPE_CHECKING:
    from lakehouse.homes.rehearsal.engine.process import Trino

# The account that moto answers for.
ACCOUNT = "123456789012"
REGION = "eu-central-1"
# Access key and secret of the account's root.
ROOT_KEY = "testing"
START_SECONDS = 60


class Emulator:
    """An AWS of its own on a free port of this machine; state lives in memory.

    With an engine its Athena runs queries; without one it only keeps workgroups.
    """

    def __init__(self, log: Path, engine: "Trino | None" = None) -> None:
        self._log = log
        self._engine = engine
        self._port = free_port()
        self._process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """The address of every service."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def environment(self) -> dict[str, str]:
        """Variables that send the AWS SDKs, the AWS CLI and Terraform's provider here."""
        return {
            "AWS_ACCESS_KEY_ID": ROOT_KEY,
            "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.url,
            # An operation that moto lacks answers 500; more tries do not help.
            "AWS_MAX_ATTEMPTS": "2",
        }

    def start(self) -> None:
        """Start the server and wait until it answers; LakehouseError when it does not."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.server"]
                + ["-H", "127.0.0.1", "-p", str(self._port)],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self._engine_variables()},
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise LakehouseError(f"the AWS emulator did not start; its log is {self._log}")
            time.sleep(0.2)

    @property
    def process_id(self) -> int | None:
        """The operating system's number of the server; None when it does not run."""
        return self._process.pid if self._process else None

    def client(self, service: str, **credentials: str) -> Any:
        """A boto3 client; as the account's root, unless credentials of a session are given."""
        import boto3

        root = {"aws_access_key_id": ROOT_KEY, "aws_secret_access_key": ROOT_KEY}
        return boto3.client(
            service, region_name=REGION, endpoint_url=self.url, **(credentials or root)
        )

    def stop(self) -> None:
        """End the server; what it held is gone."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)
            self._process = None

    def unknown_operations(self) -> list[str]:
        """What was asked for that neither moto nor the extension has."""
        lines = self._log.read_text(errors="replace").splitlines()
        return sorted({line.strip() for line in lines if line.startswith("NotImplementedError")})

    def __enter__(self) -> "Emulator":
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def _engine_variables(self) -> dict[str, str]:
        if self._engine is None:
            return {}
        return {
            "LAKEHOUSE_TRINO_URL": self._engine.url,
            "LAKEHOUSE_TRINO_RULES": str(self._engine.rules),
        }

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"{self.url}/moto-api/", timeout=2).status == 200
        return False
