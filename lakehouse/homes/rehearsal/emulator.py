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
from lakehouse.homes.rehearsal.processes import free_port, is_running, stop_process

if TYPE_CHECKING:
    from lakehouse.homes.rehearsal.engine.process import Trino

# The account that moto answers for.
ACCOUNT = "123456789012"
REGION = "eu-central-1"
# Access key and secret of the account's root.
ROOT_KEY = "testing"
START_SECONDS = 60
SERVER = f"{__package__}.server"


class Emulator:
    """An AWS of its own on a free port of this machine; state lives in memory.

    With an engine its Athena runs queries; without one it only keeps workgroups.
    """

    def __init__(
        self,
        log: Path,
        engine: "Trino | None" = None,
        *,
        port: int | None = None,
        process_id: int | None = None,
    ) -> None:
        """Port and process id are those of a server that an earlier run left up."""
        self.port = port or free_port()
        self.process_id = process_id
        self._log = log
        self._engine = engine

    @property
    def url(self) -> str:
        """The address of every service."""
        return f"http://127.0.0.1:{self.port}"

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
            self.process_id = subprocess.Popen(
                [sys.executable, "-m", SERVER] + ["-H", "127.0.0.1", "-p", str(self.port)],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self._engine_variables()},
            ).pid
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if not self.is_running() or time.monotonic() > deadline:
                self.stop()
                raise LakehouseError(f"the AWS emulator did not start; its log is {self._log}")
            time.sleep(0.2)

    def is_running(self) -> bool:
        """Whether the server's process lives."""
        return self.process_id is not None and is_running(self.process_id, SERVER)

    def client(self, service: str, **more: Any) -> Any:
        """A boto3 client; as the account's root, unless credentials of a session are given."""
        import boto3

        given = {"aws_access_key_id": ROOT_KEY, "aws_secret_access_key": ROOT_KEY, **more}
        return boto3.client(service, region_name=REGION, endpoint_url=self.url, **given)

    def stop(self) -> None:
        """End the server; what it held is gone."""
        if self.process_id is not None:
            stop_process(self.process_id, SERVER)
            self.process_id = None

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
