"""A wrongly updated table goes back to an earlier commit, and the job goes on from there."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts import history_of, load_contracts
from lakehouse.cli import app, commands
from lakehouse.homes.embedded.time_travel import read_timeline
from spark_bronze_to_silver.errors import UnfinishedRestoreError, UnreachableInstantError
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.schemas import silver_columns
from spark_bronze_to_silver.to_silver import run_table
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze
from tests.fakes.silver_rows import silver_rows

pytestmark = [pytest.mark.spark, pytest.mark.slow]

commands.register(app)
ORDER = load_contracts()["order"]


def lakehouse(*arguments):
    result = CliRunner().invoke(app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def put(bronze: Path, number: int, *rows):
    given = [bronze_row(ORDER, op, seq, id=key, status=status) for op, seq, key, status in rows]
    return write_bronze(bronze, ORDER, cdc_name(number), given)


GOOD = {
    1: [("I", 1, "a", "pending"), ("I", 2, "b", "pending")],
    2: [("U", 3, "a", "processing"), ("D", 4, "b", "pending"), ("I", 5, "c", "pending")],
}
# Sorts after everything: no later change of the source would ever replace it.
BAD = [("U", 10**18, "a", "cancelled"), ("I", 10**18 + 1, "x", "pending")]


def run(spark, root: Path):
    return run_table(spark, ORDER, bronze=str(root / "bronze"), silver=str(root / "silver"))


def content(silver: Path):
    found = {}
    for table in (ORDER, history_of(ORDER)):
        names = [c for c in silver_columns(table) if c != "silver_processed_at"]
        found[table.name] = sorted(map(repr, silver_rows(silver, table, *names)))
    return found


def test_a_bad_file_is_undone_and_the_job_goes_on(spark, state, tmp_path, monkeypatch):
    monkeypatch.setenv("LAKEHOUSE_STATE", str(state.root))
    put(state.bronze, 1, *GOOD[1])
    run(spark, state.root)
    before = content(state.silver)
    put(state.bronze, 2, *GOOD[2])
    run(spark, state.root)
    bad = put(state.bronze, 3, *BAD)
    run(spark, state.root)
    bad.unlink()
    table = state.silver / "order"
    first, _, wrong = read_timeline(table).commits
    assert first in lakehouse("restore", "order")

    planned = lakehouse("restore", "order", "--to", first)
    assert re.search(rf"order +│ {first} +│ 4 +│ 2 +│ 0 +│ 2 +│ 2 ", planned)
    assert re.search(r"order_history +│ \d{17} ", planned) and "Nothing was changed" in planned
    assert "reads 1 Bronze files again" in planned
    assert read_timeline(table).commits[-1] == wrong
    with pytest.raises(UnreachableInstantError):
        lakehouse("restore", "order", "--to", "2020-01-01")

    replace = HudiTable.replace
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):

        def until_the_history(table, rows, notes):
            if table.name == "order_history":
                raise KeyboardInterrupt
            return replace(table, rows, notes)

        killed.setattr(HudiTable, "replace", until_the_history)
        restore_to(first)
    with pytest.raises(UnfinishedRestoreError, match="restore order --to"):
        run(spark, state.root)

    assert "is as it was" in lakehouse("restore", "order", "--to", first, "--apply")
    assert content(state.silver) == before

    assert run(spark, state.root).files == 1
    for number, rows in GOOD.items():
        put(tmp_path / "untouched" / "bronze", number, *rows)
    run(spark, tmp_path / "untouched")
    after = content(state.silver)
    assert after == content(tmp_path / "untouched" / "silver")
    assert run(spark, state.root).instant is None
    past = HudiTable(spark, "order", str(table), ORDER.key).rows_at(wrong, {"id": "string"})
    assert past.count() == 4


def restore_to(instant: str):
    from lakehouse.cli.home import current_home
    from lakehouse.stages.restore import plan_restore, restore

    home = current_home()
    return restore(home, ORDER, plan_restore(home, ORDER, instant))
