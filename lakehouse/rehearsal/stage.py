"""What the steps of a rehearsal work on: folders, the emulated AWS, its engine, the local home."""

import functools
import shutil
from pathlib import Path

from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.rehearsal.dbt_project import DbtProject
from lakehouse.homes.rehearsal.emulator import ACCOUNT, REGION, Emulator
from lakehouse.homes.rehearsal.engine.downloads import Downloads
from lakehouse.homes.rehearsal.engine.process import Trino
from lakehouse.homes.rehearsal.glue.runtime import GlueRuntime
from lakehouse.homes.rehearsal.terraform.deployment import Deployment, copy_repository
from lakehouse.homes.rehearsal.terraform.process import cli_configuration
from lakehouse.rehearsal.record import Record
from lakehouse.state import State

NAME = "lakehouse-dev"


class Stage:
    """One rehearsal in the state folder; a new one, or the one that a record describes."""

    def __init__(self, state: State) -> None:
        self.downloads = Downloads(state.root / "rehearsal", state.java)
        self.folder = state.root / "rehearsal" / "run"
        found = Record.read(self._record_file)
        self.record = found or Record(self._record_file)
        self.trino = Trino(
            self.downloads,
            self.folder / "trino",
            log=self.folder / "trino.log",
            port=self.record.trino_port or None,
            process_id=self.record.trino_process,
        )
        self.emulator = Emulator(
            self.folder / "emulator.log",
            self.trino,
            port=self.record.emulator_port or None,
            process_id=self.record.emulator_process,
        )
        self._shared = state

    @property
    def is_up(self) -> bool:
        """Whether an earlier run's emulator and engine are still there."""
        return self.emulator.is_running() and self.trino.is_running()

    @functools.cached_property
    def home(self) -> EmbeddedHome:
        """Source, Bronze, a copy of Silver and Gold on DuckDB, apart from other runs' own."""
        state = State(self.folder / "state")
        state.root.mkdir(parents=True, exist_ok=True)
        for shared, link in ((self._shared.jars, state.jars), (self._shared.java, state.java)):
            shared.mkdir(parents=True, exist_ok=True)
            if not link.exists():
                link.symlink_to(shared)
        return EmbeddedHome(state)

    @functools.cached_property
    def deployment(self) -> Deployment:
        """Terraform's dev root, copied."""
        repository = self.folder / "repository"
        if not repository.exists():
            copy_repository(repository)
        return Deployment(repository, self.emulator, cli_configuration(self.folder))

    def glue(self) -> GlueRuntime:
        """Runs Glue jobs; a context."""
        jars = [*self.downloads.s3_jars, *self.downloads.catalog_jars]
        return GlueRuntime(self.emulator, self.home.state, jars)

    @property
    def dbt(self) -> DbtProject:
        """Runs dbt on Athena."""
        return DbtProject(self.emulator, self.folder / "dbt-target")

    @staticmethod
    def bucket(layer: str) -> str:
        """Name of a bucket that Terraform makes."""
        return f"{NAME}-{layer}-{ACCOUNT}"

    @staticmethod
    def role(name: str) -> str:
        """ARN of a role that Terraform makes."""
        return f"arn:aws:iam::{ACCOUNT}:role/{NAME}-{name}"

    def clear(self) -> None:
        """Remove what an earlier run left; downloads stay."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        (self.folder / "trino").mkdir()

    def start(self) -> None:
        """Start the emulator, and the engine without waiting for it; write down both."""
        self.trino.start(aws=self.emulator.url, region=REGION)
        self.record.trino_port, self.record.trino_process = self.trino.port, self.trino.process_id
        self.record.emulator_port = self.emulator.port
        self.record.write()
        self.emulator.start()
        self.record.emulator_process = self.emulator.process_id
        self.record.write()

    def stop(self) -> None:
        """End all processes, and forget the run: the emulator kept everything in memory."""
        if self.home.postgres.is_running():
            self.home.postgres.stop()
        self.trino.stop()
        self.emulator.stop()
        self._record_file.unlink(missing_ok=True)

    @property
    def _record_file(self) -> Path:
        return self.folder / "record.json"
