"""Silver's tables in the Glue catalog, registered by Hudi's own sync against the emulated Glue."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts import derived_tables
from lakehouse.homes.embedded.hudi_jars import resolve_bundle
from lakehouse.homes.embedded.java import find_java
from lakehouse.homes.embedded.spark import local_settings
from lakehouse.homes.maven import fetch_all
from lakehouse.homes.rehearsal.emulator import REGION, Emulator
from lakehouse.homes.rehearsal.glue import runner
from lakehouse.homes.rehearsal.glue.jars import CATALOG_JARS
from lakehouse.release.jars import fetch_hudi_aws
from lakehouse.state import REPOSITORY, State
from spark_bronze_to_silver.schemas import silver_columns
from spark_bronze_to_silver.session import REQUIRED
from tests.conftest import new_state
from tests.fakes.bronze import bronze_row, write_bronze

pytestmark = [pytest.mark.spark, pytest.mark.slow]

DATABASE = "lakehouse_silver"
TABLE = "subscription"


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator") / "log") as started:
        yield started


@pytest.fixture(scope="module")
def run_job(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Runs the job in a Spark process of its own that has what Glue has; the result's fields."""
    state = new_state(tmp_path_factory.mktemp("catalog") / "state")
    state.logs.mkdir()
    plan = state.root / "plan.json"
    plan.write_text(json.dumps(plan_of(state, emulator)))
    process = subprocess.Popen(
        [sys.executable, runner.__file__, str(plan)],
        cwd=state.root,
        env={
            **os.environ,
            **emulator.environment,
            "PYTHONPATH": str(REPOSITORY),
            "JAVA_HOME": str(find_java().home),
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_LOCAL_IP": "127.0.0.1",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(state.logs / "stderr").open("wb"),
        text=True,
    )

    def run(layers: Path, *arguments: str) -> dict[str, Any]:
        places = ["--bronze", f"{layers}/bronze", "--silver", f"{layers}/silver"]
        asked = {"name": TABLE, "arguments": ["--table", TABLE, *places, *arguments]}
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        return json.loads(next(line for line in process.stdout if line.startswith("{")))

    yield run
    process.stdin.close()
    process.wait(timeout=60)


def plan_of(state: State, emulator: Emulator) -> dict[str, Any]:
    java = find_java()
    jars = [resolve_bundle(state.jars, java=java, trust_folder=state.java), fetch_hudi_aws(state)]
    jars += fetch_all(CATALOG_JARS, state.jars, java=java, trust_folder=state.java)
    settings = {
        **REQUIRED,
        **local_settings(state, jars, state.logs / "spark.log"),
        "spark.hoodie.aws.glue.endpoint": emulator.url,
        "spark.hoodie.aws.glue.region": REGION,
    }
    script = REPOSITORY / "spark_bronze_to_silver" / "job.py"
    return {"settings": settings, "parallel": 1, "script": str(script)}


def entry(glue: Any, name: str) -> dict[str, Any]:
    return glue.get_table(DatabaseName=DATABASE, Name=name)["Table"]


def columns(glue: Any, name: str) -> dict[str, str]:
    """Types by column, without Hudi's own columns."""
    listed = entry(glue, name)["StorageDescriptor"]["Columns"]
    return {c["Name"]: c["Type"] for c in listed if not c["Name"].startswith("_hoodie_")}


def forget(glue: Any, name: str, column: str) -> None:
    """Take a column out of the catalog: what it looks like before the column is added."""
    old = entry(glue, name)
    storage = old["StorageDescriptor"]
    storage["Columns"] = [c for c in storage["Columns"] if c["Name"] != column]
    kept = ("Name", "TableType", "Parameters", "PartitionKeys", "StorageDescriptor")
    glue.update_table(DatabaseName=DATABASE, TableInput={k: old[k] for k in kept})


def test_the_catalog_says_what_the_contracts_say(run_job, emulator, tmp_path, contracts):
    glue = emulator.client("glue")
    contract = contracts[TABLE]
    tables = [contract, *derived_tables([contract])]
    write_bronze(
        tmp_path / "bronze",
        contract,
        "LOAD00000001.parquet",
        [bronze_row(contract, "I", 0, id="a")],
    )
    registering = ("--catalog-database", DATABASE)

    # Without its database nothing is registered, and the rows stand.
    run = run_job(tmp_path, *registering)
    assert not run["succeeded"]
    assert "rows are committed, but the Glue catalog was not told" in run["output"]
    assert DATABASE in run["output"]
    assert (tmp_path / "silver" / TABLE / ".hoodie").exists()

    # The next run has nothing to commit and registers what the one before could not.
    glue.create_database(DatabaseInput={"Name": DATABASE})
    run = run_job(tmp_path, *registering)
    assert run["succeeded"], run["output"]
    assert len(tables) > 1
    for table in tables:
        assert columns(glue, table.name) == silver_columns(table)
        registered = entry(glue, table.name)
        storage = registered["StorageDescriptor"]
        assert storage["InputFormat"] == "org.apache.hudi.hadoop.HoodieParquetInputFormat"
        assert storage["Location"] == f"{tmp_path}/silver/{table.name}"
        assert registered["Parameters"]["spark.sql.sources.provider"] == "hudi"
        assert registered["PartitionKeys"] == []

    # A column that the catalog does not have yet is added; an entry that is right stays.
    forget(glue, TABLE, "plan_name")
    before = entry(glue, tables[1].name)["VersionId"]
    run = run_job(tmp_path, *registering)
    assert run["succeeded"], run["output"]
    assert columns(glue, TABLE) == silver_columns(contract)
    assert entry(glue, tables[1].name)["VersionId"] == before
    assert {t["Name"] for t in glue.get_tables(DatabaseName=DATABASE)["TableList"]} == {
        table.name for table in tables
    }
