"""Whatever order, grouping or repetition Bronze files arrive in, Silver ends the same.

Generated histories of a source table, one per tenant and all in one Bronze: changes, full loads
at any point, and gaps before a load whose changes no file holds. Two expectations: a plain-Python
model of the rules for every row, and the source itself for the live ones.
"""

import itertools
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spark_bronze_to_silver.to_silver import run_table
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze

pytestmark = [pytest.mark.spark, pytest.mark.slow]

# Histories = examples x tenants: 200 as it stands.
EXAMPLES = int(os.environ.get("LAKEHOUSE_CONVERGENCE_EXAMPLES", "5"))
TENANTS = 40
STATUSES = ("pending", "processing", "completed", "cancelled")
MOMENTS = 14
_folders = itertools.count()


def order(moment: int) -> str:
    """Change sequence of the changes that commit at this moment; 0 counts as a load's start."""
    return f"20260102030405{moment:02d}{'0' * 18}1"


def start(moment: int) -> str:
    return f"20260102030405{moment:02d}{'0' * 19}"


def load_row(tenant, key, status, moment):
    at = f"2026-01-02 03:04:05.{moment:02d}0000"
    return (tenant, key, "I", status, "", at)


def change_row(tenant, key, op, status, moment):
    return (tenant, key, op, status, order(moment), f"2026-01-02 03:04:05.{moment:02d}0000")


def source_history(rng: random.Random, tenant: str, loads: set[int], gaps: set[int]):
    """The rows that DMS delivers for one tenant, and the rows that the source holds at the end.

    At each moment either a load starts or one change commits, which in a gap nobody delivers.
    """
    rows: list[tuple] = []
    present: dict[str, str] = {}
    for moment in range(MOMENTS):
        if moment in loads:
            rows += [load_row(tenant, key, status, moment) for key, status in present.items()]
            continue
        key = rng.choice("abcd")
        op = rng.choice("UUD") if key in present else "I"
        status = rng.choice(STATUSES)
        present[key] = status
        if op == "D":
            del present[key]
        if moment not in gaps:
            rows.append(change_row(tenant, key, op, status, moment))
    return rows, present


@st.composite
def deliveries(draw):
    """Runs of the job: each a list of (is_load, rows) files; and the source at the end."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    loads = draw(st.sets(st.integers(0, MOMENTS - 1), max_size=3))
    gaps = {m for load in loads for m in range(load - draw(st.integers(0, 3)), load)}
    source, rows = {}, []
    for number in range(TENANTS):
        tenant = f"t{number:02d}"
        delivered, present = source_history(rng, tenant, loads, gaps)
        rows += delivered
        source |= {(tenant, key): status for key, status in present.items()}
    rows += rng.choices(rows, k=len(rows) // 4) if rows else []
    rng.shuffle(rows)
    files = list(_files(rng, rows))
    runs = [files[n : n + 2] for n in range(0, len(files), 2)]
    return runs, loads, source


def _files(rng: random.Random, rows: list[tuple]) -> Iterator[tuple[bool, list[tuple]]]:
    """A file holds changes, or rows of one load, as DMS writes them."""
    kinds = itertools.groupby(sorted(rows, key=_kind), key=_kind)
    files = []
    for (is_load, _), members in kinds:
        members = list(members)
        rng.shuffle(members)
        cut = rng.randint(0, len(members))
        files += [(is_load, part) for part in (members[:cut], members[cut:]) if part]
    rng.shuffle(files)
    yield from files


def _kind(row):
    is_load = row[4] == ""
    return (is_load, row[5] if is_load else "")


def model(runs, floor):
    """(tenant, key) to (is_deleted, status, source_order) after everything has arrived."""
    state = {}
    for tenant, key, op, status, seq, at in itertools.chain.from_iterable(
        rows for files in runs for _, rows in files
    ):
        placed = seq or start(int(at[20:22]))
        if (tenant, key) not in state or placed >= state[tenant, key][2]:
            state[tenant, key] = (op == "D", status, placed)
    absent = (True, None, str(int(floor or "0") - 1).zfill(35))
    return {k: absent if row[2] < floor else row for k, row in state.items()}


def put(root: Path, contract, number: int, is_load: bool, rows) -> None:
    bronze_rows = [
        bronze_row(
            contract, op, 0, tenant_id=t, id=k, status=s, dms_change_seq=q, dms_committed_at=at
        )
        for t, k, op, s, q, at in rows
    ]
    name = cdc_name(1000 - number if number % 2 else number)
    name = f"LOAD{number:08X}.parquet" if is_load else name
    write_bronze(root / "bronze", contract, name, bronze_rows)


@given(deliveries())
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_silver_is_what_the_rules_and_the_source_say(spark, tmp_path: Path, contracts, delivery):
    (runs, loads, source), root = delivery, tmp_path / str(next(_folders))
    contract, number, read = contracts["order"], 0, 0
    for files in runs:
        for is_load, rows in files:
            number += 1
            put(root, contract, number, is_load, rows)
        result = run_table(
            spark, contract, bronze=str(root / "bronze"), silver=str(root / "silver")
        )
        assert result.rows_read == result.rows_accepted + result.rows_superseded
        read += result.rows_read

    assert read == sum(len(rows) for files in runs for _, rows in files)
    frame = spark.read.format("hudi").load(str(root / "silver" / "order"))
    chosen = frame.select("tenant_id", "id", "is_deleted", "status", "source_order")
    silver = {(r[0], r[1]): tuple(r)[2:] for r in chosen.collect()}
    seen = [int(r[5][20:22]) for files in runs for is_load, rs in files for r in rs if is_load]
    assert silver == model(runs, start(max(seen)) if seen else "")
    if not loads or (seen and max(seen) == max(loads)):
        live = {key: status for key, (dead, status, _) in silver.items() if not dead}
        assert live == source
    shutil.rmtree(root)
