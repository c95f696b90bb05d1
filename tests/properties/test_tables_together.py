"""Tables that are filled side by side, with kills at any write, end as one quiet run would.

Generated histories of orders, customers and events, one per tenant: changes, full loads, gaps, rows
that come twice and rows that cannot be typed. The job runs for one table after the other in any
order and is killed before or after any of its writes. In the end tables, histories, sessions,
duplicates and quarantine are those of a lake that read all files at once, and the tables are those
of a model of the rules in plain Python.
"""

import contextlib
import itertools
import os
import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts import derived_tables
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.quarantine import Quarantine
from spark_bronze_to_silver.schemas import silver_columns
from spark_bronze_to_silver.to_silver import run_table
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze
from tests.fakes.deliveries import MOMENTS, File, files_of, history, model
from tests.fakes.silver_rows import silver_rows

pytestmark = [pytest.mark.spark, pytest.mark.slow]

# Histories = examples x tenants x tables.
EXAMPLES = int(os.environ.get("LAKEHOUSE_TOGETHER_EXAMPLES", "1"))
TENANTS = int(os.environ.get("LAKEHOUSE_TOGETHER_TENANTS", "70"))
# The column that a table's generated values are of: a status that follows another, an address that
# two customers share, a visitor's session.
VALUES = {
    "order": ("status", ("pending", "processing", "completed", "cancelled")),
    "customer": ("email", ("a@x.example", "A@x.example ", "b@x.example")),
    "event": ("session_id", ("one", "two")),
}
# A change that cannot be typed: (column, text).
BROKEN = ("dms_committed_at", "yesterday")
UNCOMPARED = "silver_processed_at"
_folders = itertools.count()


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Killer:
    """Ends the job at one of its writes, before or after it is done."""

    at: int
    after: bool
    seen: int = field(default=0)

    def around(self, write):
        def killing(*arguments):
            self.seen += 1
            if self.seen == self.at and not self.after:
                raise Killed
            done = write(*arguments)
            if self.seen == self.at and self.after:
                raise Killed
            return done

        return killing


@dataclass(frozen=True)
class Plan:
    """Files of each table, and runs: table, how many files come first, the write that ends it."""

    files: dict[str, list[File]]
    runs: list[tuple[str, int, int, bool]]
    broken: set[tuple[str, int]]


def plan_of(seed: int) -> Plan:
    """Everything from one number, so that even the first example has loads, gaps and kills."""
    rng = random.Random(seed)
    files, runs = {}, []
    for table, (_, values) in VALUES.items():
        loads = set(rng.sample(range(MOMENTS), rng.randint(0, 2)))
        gaps = {m for load in loads for m in range(load - rng.randint(0, 3), load)}
        rows = []
        for number in range(TENANTS):
            rows += history(rng, f"t{number:03d}", values, loads, gaps)[0]
        files[table] = files_of(rng, rows)
        for _ in range(rng.randint(1, 2)):
            runs.append((table, rng.randint(1, 3), rng.randint(1, 4), rng.random() < 0.5))
    rng.shuffle(runs)
    broken = {(t, n) for t in files for n in range(1, len(files[t]) + 1) if rng.random() < 0.3}
    return Plan(files, runs, broken)


def put(root: Path, contract, number: int, file: File, *, broken: bool) -> None:
    is_load, rows = file
    column = VALUES[contract.name][0]
    bronze_rows = [
        bronze_row(
            contract,
            op,
            0,
            **{"tenant_id": t, "id": k, column: v, "dms_change_seq": q, "dms_committed_at": at},
        )
        for t, k, op, v, q, at in rows
    ]
    if broken and not is_load:
        name, text = BROKEN
        bronze_rows.append(bronze_row(contract, "U", 7, id="broken", **{name: text}))
    name = f"LOAD{number:08X}.parquet" if is_load else cdc_name(number)
    write_bronze(root / "bronze", contract, name, bronze_rows)


def run(spark, root: Path, contract) -> None:
    layers = {"bronze": str(root / "bronze"), "silver": str(root / "silver")}
    run_table(spark, contract, **layers, quarantine_limit=1.0)


def run_killed(spark, root: Path, contract, killer: Killer) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("upsert", "delete"):
            patch.setattr(HudiTable, name, killer.around(getattr(HudiTable, name)))
        with contextlib.suppress(Killed):
            run(spark, root, contract)


def content(spark, root: Path, contract):
    """Rows of the table and of what is derived from it, and the quarantine's entries."""
    found = {}
    for table in (contract, *derived_tables([contract])):
        columns = [name for name in silver_columns(table) if name != UNCOMPARED]
        found[table.name] = sorted(map(repr, silver_rows(root / "silver", table, *columns)))
    entries = Quarantine(spark, contract, f"{root}/silver").entries()
    names = ("file", "row_hash", "reason", "rows", "state")
    found["quarantine"] = sorted(tuple(row) for row in entries.select(*names).collect())
    return found


def values_in(root: Path, contract):
    columns = ("tenant_id", "id", "is_deleted", VALUES[contract.name][0], "source_order")
    rows = silver_rows(root / "silver", contract, *columns)
    return {(r[0], r[1]): tuple(r)[2:] for r in rows}


@given(st.integers(0, 2**32))
@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_interleaving_and_any_kill_ends_as_one_quiet_run(spark, tmp_path, contracts, seed):
    plan, root = plan_of(seed), tmp_path / str(next(_folders))
    lively, quiet = root / "lively", root / "quiet"

    def put_file(lake: Path, table: str, number: int, file: File) -> None:
        put(lake, contracts[table], number, file, broken=(table, number) in plan.broken)

    waiting = {table: list(enumerate(given, start=1)) for table, given in plan.files.items()}
    for table, count, *kill in plan.runs:
        for numbered in [waiting[table].pop() for _ in range(min(count, len(waiting[table])))]:
            put_file(lively, table, *numbered)
        run_killed(spark, lively, contracts[table], Killer(*kill))
    for table, left in waiting.items():
        contract = contracts[table]
        for numbered in left:
            put_file(lively, table, *numbered)
        run(spark, lively, contract)
        for numbered in enumerate(plan.files[table], start=1):
            put_file(quiet, table, *numbered)
        run(spark, quiet, contract)
        assert content(spark, lively, contract) == content(spark, quiet, contract)
        personal = contract.column(VALUES[table][0]).is_personal
        expected = {
            key: (gone, None if gone and personal else value, placed)
            for key, (gone, value, placed) in model(plan.files[table]).items()
        }
        assert values_in(lively, contract) == expected
    shutil.rmtree(root)
