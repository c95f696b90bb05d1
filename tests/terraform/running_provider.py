"""One process of the AWS provider for many runs of Terraform.

Terraform starts the provider anew for each walk through its graph, five times for a test of two
runs, and that costs more than all the rest. A provider that runs already is used through
TF_REATTACH_PROVIDERS, as developers of providers do (Terraform's documentation of plugins).
"""

import os
import re
import subprocess
from pathlib import Path
from types import TracebackType

from lakehouse.homes.rehearsal.terraform.process import PROVIDER

# The emulator speaks plain HTTP; a provider that is configured twice fails where this is set.
NOT_FOR_THE_PROVIDER = "AWS_CA_BUNDLE"
# Schemas of 1,500 resources live as long as a process: looking for garbage among them is in vain.
FEWER_COLLECTIONS = {"GOGC": "400"}


def installed_binary(root: Path) -> Path:
    """The provider's program as `terraform init` put it into a root or module."""
    (binary,) = (root / ".terraform/providers" / PROVIDER).glob("*/*/terraform-provider-aws*")
    return binary


class RunningProvider:
    """The provider's process, from enter to exit; what it sees of AWS is in `environment`."""

    def __init__(self, binary: Path, environment: dict[str, str]) -> None:
        own = {k: v for k, v in os.environ.items() if k != NOT_FOR_THE_PROVIDER}
        self._command = [binary, "-debug"]
        self._environment = {**own, **environment, **FEWER_COLLECTIONS}

    def __enter__(self) -> dict[str, str]:
        """Variables with which Terraform finds the process."""
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for line in self._process.stdout:
            if found := re.search("(TF_REATTACH_PROVIDERS)='(.+)'", line):
                return {found[1]: found[2], **FEWER_COLLECTIONS}
        self._process.wait()
        raise AssertionError(f"{self._command[0]} said nothing of how to reach it")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()
