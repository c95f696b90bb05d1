"""dbt's own suite for adapters (package dbt-tests-adapter) on the rehearsal that is up."""

import pytest

# pytest takes plugins from the topmost conftest alone, and most runs of it do without dbt.
from dbt.tests.fixtures.project import *  # noqa: F403

from lakehouse.rehearsal.stage import NAME


@pytest.fixture(scope="session", autouse=True)
def aws(stage):
    """dbt, which runs in this process, finds the emulated AWS in the environment, as elsewhere."""
    patch = pytest.MonkeyPatch()
    for name, value in stage.emulator.environment.items():
        patch.setenv(name, value)
    yield
    patch.undo()


@pytest.fixture(scope="class")
def dbt_profile_target(stage):
    """What an adapter has to supply: its profile."""
    return {
        "type": "athena",
        "region_name": stage.emulator.environment["AWS_REGION"],
        "database": "awsdatacatalog",
        "work_group": f"{NAME}-data-engineering",
        "s3_staging_dir": f"s3://{stage.bucket('athena-results')}/adapter-suite/",
        "s3_data_dir": f"s3://{stage.bucket('gold')}/adapter-suite/",
        "threads": 4,
    }


@pytest.fixture(scope="class")
def logs_dir(prefix, tmp_path_factory):
    """dbt's log; the suite's own fixture would write it into the repository."""
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp(prefix)
    patch.setenv("DBT_LOG_PATH", str(folder))
    yield str(folder)
    patch.undo()
