"""A dev environment in the emulator: a copy of the repository's data, applied with Terraform."""

import re
import shutil
from pathlib import Path
from typing import Any

from contracts.yaml_files import read_yaml
from lakehouse.homes.rehearsal.emulator import REGION, Emulator
from lakehouse.homes.rehearsal.terraform.process import Terraform
from lakehouse.state import REPOSITORY

# The root of the dev environment, in the repository.
DEV = "terraform/environments/dev"
STATE_BUCKET = "terraform-state"
SOURCE_PASSWORD = "of-no-use-elsewhere"


def copy_repository(target: Path) -> Path:
    """What Terraform reads of the repository, without what earlier runs left behind."""
    left_out = shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfvars", "__pycache__")
    for folder in ("contracts", "terraform", "dbt_project/models", "dbt_project/analyses"):
        shutil.copytree(REPOSITORY / folder, target / folder, ignore=left_out)
    return target


class Deployment:
    """Files, Terraform and API clients of one environment."""

    # How Terraform is run.
    runner = Terraform

    def __init__(self, repository: Path, emulator: Emulator, cli: dict[str, str]) -> None:
        self.repository = repository
        self.root = repository / DEV
        self._emulator = emulator
        variables = {
            "TF_VAR_emulated": "true",
            "TF_VAR_source_password": SOURCE_PASSWORD,
        }
        self.environment = {**cli, **emulator.environment, **variables}
        self.terraform = self.runner(self.root, self.environment)

    def client(self, service: str) -> Any:
        """A boto3 client of the emulated account's root."""
        return self._emulator.client(service)

    def init(self) -> None:
        """State in an S3 bucket with a lock file, as in production."""
        bucket = {"LocationConstraint": REGION}
        self.client("s3").create_bucket(Bucket=STATE_BUCKET, CreateBucketConfiguration=bucket)
        shutil.copy(self.root / "terraform.tfvars.example", self.root / "terraform.tfvars")
        settings = {"bucket": STATE_BUCKET, "region": REGION, "use_path_style": "true"}
        self.terraform.init(*(f"-backend-config={k}={v}" for k, v in settings.items()))

    def apply(self, *arguments: str) -> None:
        """Apply without asking."""
        self.terraform.run("apply", "-auto-approve", "-input=false", "-no-color", *arguments)

    def destroy(self, *arguments: str) -> None:
        """Destroy without asking; what Terraform knows is enough, it was refreshed before."""
        self.terraform.run(
            "destroy", "-auto-approve", "-input=false", "-no-color", "-refresh=false", *arguments
        )

    def grant_on_tables(self) -> None:
        """What a person changes after the first pipeline run."""
        file = self.root / "terraform.tfvars"
        text = re.sub(r"grant_tables\s+= false", "grant_tables = true", file.read_text())
        file.write_text(text)

    @property
    def registry(self) -> dict[str, Any]:
        """Content of tenants.yaml."""
        return read_yaml(self.root / "tenants.yaml")
