"""The job on a cluster: its driver, and executors in other processes, which share only the lake.

Customers need the most of it: Python workers (phones), a history, and rows that depend on others.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest

from contracts import history_of
from lakehouse.homes.embedded.hudi_jars import resolve_bundle
from lakehouse.homes.embedded.java import find_java
from lakehouse.state import REPOSITORY, current_state
from spark_bronze_to_silver.schemas import silver_columns
from tests.fakes.bronze import cdc_name
from tests.fakes.silver_rows import silver_rows
from tests.fakes.spark_cluster import SHORT_LIVED, spark_cluster

pytestmark = [pytest.mark.spark, pytest.mark.slow]

PERSONS = 40


def fill_with_a_load(customers):
    """Two addresses each, so that everyone has a duplicate."""
    rows = [
        customers.row("I", 0, id=f"{copy}-{n}", email=f"{n}@example.com", phone=f"+4930123{n:03d}")
        for n in range(PERSONS)
        for copy in "ab"
    ]
    for part in range(4):
        customers.put(f"LOAD0000000{part + 1}.parquet", *rows[part::4])


def put_changes(customers):
    """Other addresses, deletes and new rows, over several files."""
    for number in range(1, 5):
        keys = range(number, PERSONS, 5)
        email = "{}@elsewhere.example".format
        customers.put(
            cdc_name(number),
            *[customers.row("U", 100 * number + n, id=f"a-{n}", email=email(n)) for n in keys],
            customers.row("D", 100 * number + 90, id=f"b-{number}"),
            customers.row("I", 100 * number + 91, id=f"c-{number}", email=email(number)),
        )


def run_on_cluster(customers, folder, *, master, java, bundle):
    """The job's own process against the master; returns what the executors ran of it."""
    events = folder / "events"
    events.mkdir()
    settings = {
        "spark.master": master,
        "spark.jars": str(bundle),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": SHORT_LIVED,
        "spark.executor.memory": "768m",
        "spark.executor.cores": "1",
        "spark.executor.extraJavaOptions": SHORT_LIVED,
        "spark.executorEnv.PYTHONPATH": str(REPOSITORY),
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": str(events),
    }
    submitted = " ".join(f'--conf "{name}={value}"' for name, value in settings.items())
    layers = ["--bronze", str(customers.bronze), "--silver", str(customers.silver)]
    result = subprocess.run(
        [sys.executable, "-m", "spark_bronze_to_silver.job", "--table", "customer", *layers],
        cwd=folder,
        env={
            **os.environ,
            "JAVA_HOME": str(java.home),
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_SUBMIT_ARGS": f"{submitted} pyspark-shell",
            "PYTHONPATH": str(REPOSITORY),
            "SPARK_LOCAL_IP": "127.0.0.1",
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-4000:]
    lines = [json.loads(line) for file in events.iterdir() for line in file.open()]
    return [e for e in lines if e["Event"] == "SparkListenerTaskEnd"]


def test_two_executors_come_to_the_rows_of_one_process(lake, spark, tmp_path):
    java = find_java()
    bundle = resolve_bundle(current_state().jars, java=java, trust_folder=current_state().java)
    alone, spread = lake("customer", "alone"), lake("customer", "spread")
    fill_with_a_load(alone)
    alone.run()
    shutil.copytree(tmp_path / "alone", tmp_path / "spread")
    put_changes(alone)
    alone.run()
    put_changes(spread)
    with spark_cluster(tmp_path, java.home) as master:
        tasks = run_on_cluster(spread, tmp_path, master=master, java=java, bundle=bundle)
    assert {t["Task Info"]["Executor ID"] for t in tasks} == {"0", "1"}
    assert {t["Task End Reason"]["Reason"] for t in tasks} == {"Success"}
    assert spread.content() == alone.content()
    assert len(alone.content()) == 2 * PERSONS + 4
    versions = {content(lake, history_of(lake.contract)) for lake in (alone, spread)}
    assert len(versions) == 1 and len(versions.pop()) == 3 * PERSONS


def content(lake, table):
    """All rows of a table of the lake, but for the moment of the run."""
    names = [c for c in silver_columns(table) if c != "silver_processed_at"]
    return frozenset(map(repr, silver_rows(lake.silver, table, *names)))
