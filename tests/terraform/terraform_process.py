"""Terraform for tests: without the binary or the AWS provider a test is skipped, but not in CI."""

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
