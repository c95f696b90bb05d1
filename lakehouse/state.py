"""Where a run keeps its state: one folder, ignored by git, safe to delete."""

import os
from dataclasses import dataclass
from pathlib import Path

from lakehouse.errors import LakehouseError

REPOSITORY = Path(__file__).resolve().parent.parent
STATE_VARIABLE = "LAKEHOUSE_STATE"


@dataclass(frozen=True)
class State:
    """The folders and files below the state folder; nothing else is written by a run."""

    root: Path

    @property
    def postgres(self) -> Path:
        """Data directory of the embedded PostgreSQL."""
        return self.root / "postgres"

    @property
    def bronze(self) -> Path:
        """Parquet files as DMS writes them."""
        return self.root / "bronze"

    @property
    def silver(self) -> Path:
        """One Hudi table per folder."""
        return self.root / "silver"

    @property
    def duckdb(self) -> Path:
        """DuckDB file: Gold tables, and views over the Silver files."""
        return self.root / "lakehouse.duckdb"

    @property
    def dms(self) -> Path:
        """State of the local replication task."""
        return self.root / "dms"

    @property
    def tenants(self) -> Path:
        """The registry of tenants that may query (docs/decisions/0036)."""
        return self.root / "tenants.yaml"

    @property
    def jars(self) -> Path:
        """The jars of Hudi."""
        return self.root / "jars"

    @property
    def java(self) -> Path:
        """Trust store for the Java that comes from its wheel."""
        return self.root / "java"

    @property
    def logs(self) -> Path:
        """Output of started processes."""
        return self.root / "logs"

    @property
    def dbt_target(self) -> Path:
        """What dbt leaves of a run that a command here started."""
        return self.root / "dbt-target"

    @property
    def reports(self) -> Path:
        """Pages for people: data quality, dbt docs."""
        return self.root / "reports"


def current_state() -> State:
    """The state folder: `.lakehouse` in the repository, or what LAKEHOUSE_STATE names.

    Raises LakehouseError when LAKEHOUSE_STATE is a relative path, because parts that run in
    other folders would then each use their own.
    """
    given = os.environ.get(STATE_VARIABLE)
    if not given:
        return State(REPOSITORY / ".lakehouse")
    if not Path(given).is_absolute():
        raise LakehouseError(f"{STATE_VARIABLE}={given} is relative; set it to an absolute path")
    return State(Path(given))
