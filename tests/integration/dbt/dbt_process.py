"""Starts dbt as a person would, with every file that it writes in a folder of the test."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).resolve().parents[3]
DBT = Path(sys.executable).parent / "dbt"
# A build takes half a minute alone, and several when the machine is busy.
TIMEOUT_SECONDS = 400
# No session time zone is set, and the process lives elsewhere: days must be UTC all the same.
ENVIRONMENT = {"TZ": "America/New_York", "DO_NOT_TRACK": "1"}
ATHENA = {
    "type": "athena",
    "region_name": "eu-central-1",
    "s3_staging_dir": "s3://nowhere/results/",
    "s3_data_dir": "s3://nowhere/gold/",
    "database": "awsdatacatalog",
    "schema": "lakehouse_gold",
    "aws_access_key_id": "none",
    "aws_secret_access_key": "none",
    "threads": 1,
}


def run_dbt(
    folder: Path,
    *arguments: str,
    project: Path = REPOSITORY,
    check: bool = True,
    results: str = "run_results.json",
    schema: str = "lakehouse_gold",
) -> dict[str, Any]:
    """Run dbt on <folder>/lakehouse.duckdb and return the results that it wrote.

    Fails the test with dbt's own output when dbt fails and `check` is set.
    """
    write_profile(folder, schema)
    command = [str(DBT), *arguments, "--project-dir", str(project), "--profiles-dir", str(folder)]
    command += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return json.loads((folder / "target" / results).read_text())


def write_profile(folder: Path, schema: str = "lakehouse_gold") -> None:
    """A profile with the two targets of the project, neither of which needs anything running."""
    duckdb = {
        "type": "duckdb",
        "path": str(folder / "lakehouse.duckdb"),
        "schema": schema,
        "threads": 2,
    }
    outputs = {"duckdb": duckdb, "athena": ATHENA}
    profile = {"lakehouse": {"target": "duckdb", "outputs": outputs}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile))
