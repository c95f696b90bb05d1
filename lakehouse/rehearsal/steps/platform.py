"""Downloads, processes, Terraform."""

import time
from concurrent.futures import Future, ThreadPoolExecutor

from lakehouse.demo.steps import Running
from lakehouse.errors import LakehouseError
from lakehouse.rehearsal.stage import Stage

PARALLELISM = "-parallelism=30"
DEFINED_SECONDS = 300


class Platform:
    """What the other steps stand on."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="terraform")
        self._applied: Future[None] | None = None

    def fetch(self, step: Running) -> None:
        """Trino, its Java, Spark's access to S3."""
        self._stage.downloads.fetch(step.progress)

    def start(self, step: Running) -> None:
        """Emulator and engine; the apply begins, since the next steps need none of its end."""
        self._stage.start()
        self._applied = self._pool.submit(self._first_apply)

    def _first_apply(self) -> None:
        if not self._stage.deployment.root.joinpath("terraform.tfvars").exists():
            self._stage.deployment.init()
        self._stage.deployment.apply(PARALLELISM)

    def wait_for_jobs(self, step: Running) -> None:
        """Return when the apply has made buckets and Glue jobs; LakehouseError if it does not."""
        deadline = time.monotonic() + DEFINED_SECONDS
        step.progress("waiting for Terraform to define the Glue jobs")
        with self._stage.glue() as glue:
            while len(glue.job_names()) < len(self._stage.home.contracts):
                if self._applied is None or self._applied.done():
                    self.apply(step)
                    return
                if time.monotonic() > deadline:
                    raise LakehouseError("terraform apply did not define the Glue jobs in time")
                time.sleep(0.5)

    def apply(self, step: Running) -> None:
        """The end of the first apply."""
        if self._applied is None:
            self._first_apply()
        else:
            self._applied.result()
            self._applied = None
        resources = self._stage.deployment.terraform.run("state", "list").splitlines()
        step.detail = f"{len(resources)} resources"

    def grants(self, step: Running) -> None:
        """The second apply: filters and grants on the tables that are there now."""
        self._stage.deployment.grant_on_tables()
        self._stage.deployment.apply(PARALLELISM, "-refresh=false")
        lake = self._stage.emulator.client("lakeformation")
        filters = lake.list_data_cells_filter()["DataCellsFilters"]
        step.detail = f"{len(filters)} filters"
