"""Source to Bronze to Silver, with both layers in the emulated S3."""

from contracts import derived_tables, load_contracts
from lakehouse.demo.steps import Running
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.source_app import manage
from lakehouse.homes.rehearsal.buckets import download_bucket, upload_folder
from lakehouse.rehearsal.stage import Stage
from lakehouse.release.build import build_release
from lakehouse.stages.replicate import replicate
from spark_bronze_to_silver.schemas import silver_columns

SEED, SCALE = "42", "small"
# As terraform/environments/dev has it.
RELEASE = "0.1.0"
SILVER = "lakehouse_silver"


class Layers:
    """Bronze and Silver."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def bronze(self, step: Running) -> None:
        """A shop in the embedded PostgreSQL, and its full load."""
        home = self._stage.home
        home.start_source()
        manage(home.dsn(), "seed_all", "--scale", SCALE, "--seed", SEED, quiet=True)
        step.rows = self._replicate(step)

    def changes(self, step: Running) -> None:
        """The shop goes on; its changes are replicated and uploaded."""
        home = self._stage.home
        home.start_source()
        manage(home.dsn(), "apply_demo_changes", "--seed", SEED, quiet=True)
        step.rows = self._replicate(step)
        self.upload(step)

    def _replicate(self, step: Running) -> int:
        home = self._stage.home
        done = replicate(home, lambda table, rows: step.progress(f"{table} {rows:,}"))
        home.postgres.stop()
        return done.rows

    def release(self, step: Running) -> None:
        """Wheel, entry script and dependencies."""
        build_release(self._stage.folder / "release")

    def upload_release(self, step: Running) -> None:
        """The release to where the jobs' definitions look for it."""
        s3, bucket = self._stage.emulator.client("s3"), self._stage.bucket("scripts")
        upload_folder(s3, self._stage.folder / "release", bucket, f"releases/{RELEASE}/")

    def upload(self, step: Running) -> None:
        """Bronze's files, each once: a file that is uploaded again would count as a new one."""
        s3, stage = self._stage.emulator.client("s3"), self._stage
        files = upload_folder(s3, stage.home.state.bronze, stage.bucket("bronze"), only_new=True)
        step.detail = f"{files} Bronze files"

    def silver(self, step: Running) -> None:
        """All Glue jobs."""
        with self._stage.glue() as glue:
            runs = glue.run_all(lambda run: step.progress(run.job))
        step.detail = f"{len(runs)} jobs"

    def catalog(self, step: Running) -> None:
        """Silver's tables, as the jobs registered them, are those of the contracts."""
        registered = _registered(self._stage)
        contracts = load_contracts().values()
        wanted = {t.name: silver_columns(t) for t in (*contracts, *derived_tables(contracts))}
        if registered != wanted:
            wrong = sorted(n for n in wanted | registered if registered.get(n) != wanted.get(n))
            raise LakehouseError(
                f"the Glue catalog does not say of {', '.join(wrong)} what the contracts say"
            )
        copy_silver(self._stage)
        step.detail = f"{len(registered)} tables"


def _registered(stage: Stage) -> dict[str, dict[str, str]]:
    """Types of the columns by table, without Hudi's own."""
    pages = stage.emulator.client("glue").get_paginator("get_tables").paginate(DatabaseName=SILVER)
    return {
        table["Name"]: {
            column["Name"]: column["Type"]
            for column in table["StorageDescriptor"]["Columns"]
            if not column["Name"].startswith("_hoodie_")
        }
        for page in pages
        for table in page["TableList"]
    }


def copy_silver(stage: Stage) -> None:
    """Silver's files on this machine, for Gold on DuckDB to read."""
    s3 = stage.emulator.client("s3")
    download_bucket(s3, stage.bucket("silver"), stage.home.state.silver)
