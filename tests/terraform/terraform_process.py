"""Terraform for tests: without the binary or the AWS provider a test is skipped, but not in CI."""

import json
import os

import pytest

from lakehouse.errors import PrerequisiteError
from lakehouse.homes.rehearsal.terraform import process


def skip_or_fail(error: PrerequisiteError) -> None:
    """End the test: what it needs is not on this machine."""
    if os.environ.get("CI"):
        raise error
    pytest.skip(str(error))


def require_terraform() -> None:
    """Skip the test where terraform is not installed."""
    try:
        process.terraform_binary()
    except PrerequisiteError as error:
        skip_or_fail(error)


class Terraform(process.Terraform):
    """Terraform in one folder."""

    def init(self, *arguments: str) -> None:
        """Make providers and modules ready; skips where the provider cannot be had."""
        try:
            super().init(*arguments)
        except PrerequisiteError as error:
            skip_or_fail(error)

    def changes(self, *arguments: str) -> dict[str, str]:
        """What a plan would do, by address of resource or output; nothing when all is so."""
        lines = self.run("plan", "-input=false", "-json", *arguments).splitlines()
        planned: dict[str, str] = {}
        for message in map(json.loads, lines):
            if message["type"] == "planned_change":
                change = message["change"]
                planned[change["resource"]["addr"]] = change["action"]
            if message["type"] == "outputs":
                found = message["outputs"].items()
                planned |= {f"output.{name}": output["action"] for name, output in found}
        return {what: action for what, action in planned.items() if action not in ("noop", "read")}
