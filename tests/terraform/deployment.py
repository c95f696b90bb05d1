"""A dev environment in the emulator: a copy of the repository's data, applied with Terraform."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import boto3
import yaml

from contracts import derived_tables, load_contracts
from lakehouse.generate.access_policy import access_policy
from lakehouse.generate.dms_mappings import dms_table_mappings
from lakehouse.governance.marts import read_marts
from lakehouse.homes.rehearsal.emulator import ACCOUNT, REGION, Emulator
from lakehouse.state import REPOSITORY
from tests.terraform.terraform_process import Terraform

STATE_BUCKET = "terraform-state"


def copy_repository(target: Path) -> Path:
    """What Terraform reads of the repository, without what earlier runs left behind."""
    left_out = shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfvars", "__pycache__")
    for folder in ("contracts", "terraform", "dbt_project/models", "dbt_project/analyses"):
        shutil.copytree(REPOSITORY / folder, target / folder, ignore=left_out)
    return target


class Deployment:
    """Files, Terraform and API clients of one environment."""

    def __init__(self, repository: Path, emulator: Emulator, cli: dict[str, str]) -> None:
        self.repository = repository
        self.root = repository / "terraform/environments/dev"
        self._emulator = emulator
        variables = {
            "TF_VAR_emulated": "true",
            "TF_VAR_source_password": "of-no-use-elsewhere",
        }
        self.terraform = Terraform(self.root, {**cli, **emulator.environment, **variables})

    def client(self, service: str) -> Any:
        """A boto3 client of the emulated account."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self._emulator.url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

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

    def run_pipeline(self) -> None:
        """The only thing of a first run that the catalog shows: the tables exist."""
        glue = self.client("glue")
        contracts = load_contracts(self.repository / "contracts")
        for name in (*contracts, *(t.name for t in derived_tables(contracts.values()))):
            glue.create_table(DatabaseName="lakehouse_silver", TableInput={"Name": name})
        for name in self.registry["tables"]:
            glue.create_table(DatabaseName="lakehouse_gold", TableInput={"Name": name})

    @property
    def registry(self) -> dict[str, Any]:
        """Content of tenants.yaml."""
        return yaml.safe_load((self.root / "tenants.yaml").read_text())

    def add_tenant(self, slug: str, tenant_id: str) -> None:
        """Register a tenant: one entry of data."""
        with (self.root / "tenants.yaml").open("a") as file:
            file.write(f"  {slug}:\n    id: {tenant_id}\n")

    def add_table(self, name: str, *, like: str) -> None:
        """Add a contract, and write what is generated from the contracts."""
        folder = self.repository / "contracts"
        text = (folder / f"{like}.odcs.yaml").read_text()
        text = text.replace(f"core_{like}", f"core_{name}")
        text = text.replace(f"name: {like}\n", f"name: {name}\n")
        (folder / f"{name}.odcs.yaml").write_text(text)
        contracts = load_contracts(folder).values()
        generated = self.repository / "terraform/generated"
        (generated / "dms_table_mappings.json").write_text(dms_table_mappings(contracts))
        policy = access_policy(contracts, read_marts(self.repository / "dbt_project/models/marts"))
        (generated / "access_policy.json").write_text(policy)

    def statements(self, bucket: str) -> list[dict[str, Any]]:
        """Statements of a bucket's policy."""
        name = f"lakehouse-dev-{bucket}-{ACCOUNT}"
        return json.loads(self.client("s3").get_bucket_policy(Bucket=name)["Policy"])["Statement"]

    def grants(self, principal: str) -> list[dict[str, Any]]:
        """What Lake Formation grants to a role."""
        arn = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{ACCOUNT}:role/{principal}"}
        listed = self.client("lakeformation").list_permissions(Principal=arn)
        return listed["PrincipalResourcePermissions"]
