"""Runs terraform: which binary, from where the AWS provider comes, one process at a time."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lakehouse.errors import LakehouseError, PrerequisiteError

SECONDS = 420
PROVIDER = "registry.terraform.io/hashicorp/aws"
# Where packages and images put provider mirrors; Terraform itself looks into some of them.
USUAL = ("~/.terraform.d", "~/.local/share/terraform", "/usr/local/share", "/usr/share", "/opt")
NO_PROVIDER = "Failed to query available provider packages"


class TerraformFailedError(LakehouseError):
    """A command that had to work did not; the message is Terraform's own."""


def terraform_binary() -> str:
    """Path of terraform. Raises PrerequisiteError where there is none."""
    if found := shutil.which("terraform"):
        return found
    raise PrerequisiteError("terraform is not installed; install version 1.11 or later")


def provider_mirror() -> Path | None:
    """Folder to install the AWS provider from: LAKEHOUSE_TF_MIRROR, else one in a usual place."""
    if named := os.environ.get("LAKEHOUSE_TF_MIRROR"):
        return Path(named)
    folders = [Path(place).expanduser() for place in USUAL]
    candidates = [c for f in folders if f.is_dir() for c in (f, *f.glob("*"))]
    return next((c for c in candidates if (c / PROVIDER).is_dir()), None)


def cli_configuration(folder: Path) -> dict[str, str]:
    """Variables that say where providers come from; a configuration of the user's own wins."""
    own = os.environ.get("TF_CLI_CONFIG_FILE")
    if own and Path(own).exists():
        return {}
    text = ""
    if mirror := provider_mirror():
        text = f'provider_installation {{\n  filesystem_mirror {{ path = "{mirror}" }}\n}}\n'
    file = folder / "terraform.tfrc"
    file.write_text(text)
    return {"TF_CLI_CONFIG_FILE": str(file)}


@contextmanager
def _alone() -> Iterator[None]:
    # Terraform and the provider take 0.7 GB; test processes run side by side.
    with (Path(tempfile.gettempdir()) / "lakehouse-terraform.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Terraform:
    """Terraform in one folder; variables go to it as environment."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment

    def run(self, *arguments: str, expected: tuple[int, ...] = (0,)) -> str:
        """Output of a command; TerraformFailedError on any other exit code."""
        with _alone():
            done = subprocess.run(
                [terraform_binary(), *arguments],
                cwd=self._folder,
                env={**os.environ, **self._environment, "TF_IN_AUTOMATION": "1"},
                capture_output=True,
                text=True,
                timeout=SECONDS,
            )
        if done.returncode not in expected:
            text = f"{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
            raise TerraformFailedError(f"terraform {arguments[0]}: {text}")
        return done.stdout

    def init(self, *arguments: str) -> None:
        """Make providers and modules ready. Raises PrerequisiteError without the AWS provider."""
        try:
            self.run("init", "-input=false", "-no-color", *arguments)
        except TerraformFailedError as error:
            if NO_PROVIDER in str(error):
                raise PrerequisiteError(
                    "no AWS provider for Terraform: set LAKEHOUSE_TF_MIRROR to a provider mirror, "
                    "or allow Terraform to reach its registry"
                ) from error
            raise
