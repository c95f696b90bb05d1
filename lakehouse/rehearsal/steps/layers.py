"""Source to Bronze to Silver, with both layers in the emulated S3."""

from lakehouse.demo.steps import Running
from lakehouse.homes.embedded.source_app import manage
from lakehouse.homes.rehearsal.buckets import download_bucket, upload_folder
from lakehouse.homes.rehearsal.glue.catalog_sync import hudi_tables, sync_table
from lakehouse.rehearsal.stage import Stage
from lakehouse.release.build import build_release
from lakehouse.stages.replicate import replicate

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
        """Silver's tables registered, as Hudi's sync would at the end of each job."""
        step.detail = f"{register_silver(self._stage)} tables"


def register_silver(stage: Stage) -> int:
    """Copy Silver here and register every table in Glue; how many."""
    silver = stage.home.state.silver
    download_bucket(stage.emulator.client("s3"), stage.bucket("silver"), silver)
    names = hudi_tables(silver)
    for name in names:
        sync_table(
            stage.emulator.client("glue"),
            database=SILVER,
            copy=silver / name,
            location=f"s3://{stage.bucket('silver')}/{name}",
        )
    return len(names)
