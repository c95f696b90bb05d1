"""A dev environment in the emulator, with what only tests do to it."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from contracts import derived_tables, load_contracts
from lakehouse.generate.access_policy import access_policy
from lakehouse.generate.dms_mappings import dms_table_mappings
from lakehouse.governance.marts import read_marts
from lakehouse.homes.rehearsal.emulator import ACCOUNT
from lakehouse.homes.rehearsal.terraform import deployment
from tests.terraform.terraform_process import Terraform

STATE_BUCKET, STATE = f"lakehouse-dev-state-{ACCOUNT}", "lakehouse/dev.tfstate"
ACCOUNT_VARIABLES = ("-var=environment=dev", "-var=github_repository=your-org/your-repository")


class Deployment(deployment.Deployment):
    """An environment that is changed by hand and by data."""

    runner = Terraform

    def init(self) -> None:
        """As docs/DEPLOYMENT.md says: bootstrap makes the bucket that backend.hcl names."""
        bootstrap = Terraform(self.repository / "terraform/bootstrap", self.environment)
        bootstrap.init()
        bootstrap.run("apply", "-auto-approve", "-input=false", "-no-color", *ACCOUNT_VARIABLES)
        assert bootstrap.changes(*ACCOUNT_VARIABLES) == {}
        for file in ("backend.hcl", "terraform.tfvars"):
            shutil.copy(self.root / f"{file}.example", self.root / file)
        self.terraform.init("-backend-config=backend.hcl")

    def run_pipeline(self) -> None:
        """The only thing of a first run that the catalog shows: the tables exist."""
        glue = self.client("glue")
        contracts = load_contracts(self.repository / "contracts")
        for name in (*contracts, *(t.name for t in derived_tables(contracts.values()))):
            glue.create_table(DatabaseName="lakehouse_silver", TableInput={"Name": name})
        for name in self.registry["tables"]:
            glue.create_table(DatabaseName="lakehouse_gold", TableInput={"Name": name})

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

    def state(self) -> dict[str, Any]:
        """Terraform's state, as S3 gives it back."""
        return self.client("s3").get_object(Bucket=STATE_BUCKET, Key=STATE)

    @contextmanager
    def locked_by_somebody_else(self) -> Iterator[None]:
        """The state's lock file is there, as during an apply of another person."""
        lock = {"Bucket": STATE_BUCKET, "Key": f"{STATE}.tflock"}
        holder = {"ID": "1", "Operation": "OperationTypeApply", "Who": "somebody@else"}
        self.client("s3").put_object(**lock, Body=json.dumps(holder).encode())
        yield
        assert json.loads(self.client("s3").get_object(**lock)["Body"].read()) == holder
        self.client("s3").delete_object(**lock)

    def statements(self, bucket: str) -> list[dict[str, Any]]:
        """Statements of a bucket's policy."""
        name = f"lakehouse-dev-{bucket}-{ACCOUNT}"
        return json.loads(self.client("s3").get_bucket_policy(Bucket=name)["Policy"])["Statement"]

    def grants(self, principal: str) -> list[dict[str, Any]]:
        """What Lake Formation grants to a role."""
        arn = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{ACCOUNT}:role/{principal}"}
        listed = self.client("lakeformation").list_permissions(Principal=arn)
        return listed["PrincipalResourcePermissions"]
