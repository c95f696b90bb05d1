"""The entry point that Glue starts, with Glue's way of giving arguments."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from lakehouse.demo.backdating import backdate
from lakehouse.state import REPOSITORY
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.job import main
from spark_bronze_to_silver.schemas import silver_columns
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze

pytestmark = pytest.mark.spark


def arguments(tmp_path, table):
    layers = ["--bronze", f"{tmp_path}/bronze", "--silver", f"{tmp_path}/silver/"]
    return ["--JOB_NAME", "silver", "--table", table, *layers, "--enable-metrics", "true"]


def test_a_table_is_brought_up_to_date(spark, tmp_path, contracts, capsys):
    contract = contracts["invoice"]
    row = bronze_row(contract, "I", 0, id="a")
    write_bronze(tmp_path / "bronze", contract, "LOAD00000001.parquet", [row])

    assert main(arguments(tmp_path, "invoice")) == 0

    output = capsys.readouterr().out
    assert "rows_accepted=1" in output
    metrics = json.loads(output.splitlines()[-1])
    assert (metrics["Table"], metrics["RowsAccepted"], metrics["Committed"]) == ("invoice", 1, 1)
    assert spark.read.format("hudi").load(f"{tmp_path}/silver/invoice").count() == 1


def test_an_unknown_table_fails_with_the_known_ones(tmp_path, capsys):
    assert main(arguments(tmp_path, "invoices")) == 1
    printed = capsys.readouterr()
    assert "unknown table 'invoices'" in printed.err
    assert json.loads(printed.out)["Failed"] == 1


def test_a_broken_file_fails_the_job(spark, tmp_path, contracts, capsys):
    path = write_bronze(tmp_path / "bronze", contracts["invoice"], "LOAD00000001.parquet", [])
    path.write_bytes(b"no Parquet")
    assert main(arguments(tmp_path, "invoice")) == 1
    assert "LOAD00000001.parquet" in capsys.readouterr().err


def test_the_job_tries_the_quarantine_again(spark, tmp_path, contracts, capsys):
    contract = contracts["invoice"]
    write_bronze(tmp_path / "bronze", contract, cdc_name(1), [bronze_row(contract, "I", 1, id="a")])
    late = write_bronze(tmp_path / "bronze", contract, cdc_name(2), [])
    late.write_bytes(b"no Parquet")
    assert main([*arguments(tmp_path, "invoice"), "--quarantine-limit", "1"]) == 0
    write_bronze(tmp_path / "bronze", contract, cdc_name(2), [bronze_row(contract, "I", 2, id="b")])
    capsys.readouterr()

    assert main([*arguments(tmp_path, "invoice"), "--action", "redrive"]) == 0

    assert "files=1, files_left=0" in capsys.readouterr().out
    assert spark.read.format("hudi").load(f"{tmp_path}/silver/invoice").count() == 2


def test_the_job_takes_a_table_back(spark, tmp_path, contracts, capsys):
    contract, table = contracts["invoice"], f"{tmp_path}/silver/invoice"

    def ids():
        return sorted(row.id for row in spark.read.format("hudi").load(table).collect())

    for number, key in enumerate("ab", start=1):
        row = bronze_row(contract, "I", number, id=key)
        last = write_bronze(tmp_path / "bronze", contract, cdc_name(number), [row])
        assert main(arguments(tmp_path, "invoice")) == 0
    first, second = HudiTable(spark, "invoice", table, contract.key).timeline().instants
    act = [*arguments(tmp_path, "invoice"), "--action"]
    capsys.readouterr()

    assert main([*act, "restore"]) == 1
    assert f"can be read: {first}, {second}" in capsys.readouterr().err
    assert main([*act, "restore", "--to", "20200101000000000"]) == 1
    assert "cannot be read as of 2020-01-01" in capsys.readouterr().err
    assert main([*act, "restore-plan", "--to", first]) == 0
    planned = capsys.readouterr().out
    assert "rows_now=2, rows_then=1, back=0, gone=1, changed=0" in planned
    assert "1 Bronze files to be read again" in planned and "nothing was changed" in planned
    assert ids() == ["a", "b"]

    assert main([*act, "restore", "--to", first]) == 0
    assert "restored by commit" in capsys.readouterr().out
    assert ids() == ["a"]
    last.unlink()
    assert main(arguments(tmp_path, "invoice")) == 0
    assert ids() == ["a"]


@pytest.mark.parametrize("action", ["redrive", "restore"])
def test_what_mends_a_table_forgets_no_more_than_a_merge(spark, tmp_path, contracts, action):
    contract, table = contracts["invoice"], tmp_path / "silver" / "invoice"
    merge = [*arguments(tmp_path, "invoice"), "--time-travel-days", "30"]
    stored = HudiTable(spark, "invoice", str(table), contract.key)
    for number in (1, 2, 3):
        row = bronze_row(contract, "U", number, id="a", invoice_number=str(number))
        last = write_bronze(tmp_path / "bronze", contract, cdc_name(number), [row])
        if number == 3:
            whole = last.read_bytes()
            last.write_bytes(b"no Parquet")
        assert main([*merge, "--quarantine-limit", "1"]) == 0
        moment = datetime.now(UTC) - timedelta(days=20 - number)
        backdate(table, stored.timeline().instants[-1], moment)
    last.write_bytes(whole)
    oldest, *_ = before = stored.timeline().instants

    assert main([*merge, "--action", action, "--to", oldest]) == 0

    after = stored.timeline().instants
    assert after[: len(before)] == before and after[len(before) :]
    (row,) = stored.rows_at(oldest, silver_columns(contract)).collect()
    assert row.invoice_number == "1"


def test_what_is_no_instant_is_refused(tmp_path, capsys):
    act = [*arguments(tmp_path, "invoice"), "--action", "restore", "--to", "yesterday"]
    with pytest.raises(SystemExit, match="2"):
        main(act)
    assert "'yesterday' is no instant of 17 digits; nothing was done" in capsys.readouterr().err


def test_it_needs_nothing_of_this_repository_but_itself_and_the_contracts(tmp_path):
    for package in ("contracts", "spark_bronze_to_silver"):
        shutil.copytree(REPOSITORY / package, tmp_path / package)
    code = (
        "import sys; sys.path.insert(0, '.'); import spark_bronze_to_silver.job as job, "
        "spark_bronze_to_silver.to_silver; print(job.__file__); "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'lakehouse', 'dbt', 'django'}))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines() == [f"{tmp_path}/spark_bronze_to_silver/job.py", "[]"]
