"""Whatever order, grouping or repetition Bronze files arrive in, Silver ends the same.

Generated histories of a source table, one per tenant and all in one Bronze: changes, full loads
at any point, and gaps before a load whose changes no file holds. Two expectations: a plain-Python
model of the rules for every row, and the source itself for the live ones.
"""

import itertools
import os
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spark_bronze_to_silver.to_silver import run_table
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze
from tests.fakes.deliveries import MOMENTS, files_of, history, model, newest_load
from tests.fakes.silver_rows import silver_rows

pytestmark = [pytest.mark.spark, pytest.mark.slow]

# Histories = examples x tenants: 201 as it stands.
EXAMPLES = int(os.environ.get("LAKEHOUSE_CONVERGENCE_EXAMPLES", "3"))
TENANTS = int(os.environ.get("LAKEHOUSE_CONVERGENCE_TENANTS", "67"))
STATUSES = ("pending", "processing", "completed", "cancelled")
_folders = itertools.count()


@st.composite
def deliveries(draw):
    """Runs of the job: each a list of (is_load, rows) files; and the source at the end."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    loads = draw(st.sets(st.integers(0, MOMENTS - 1), max_size=3))
    gaps = {m for load in loads for m in range(load - draw(st.integers(0, 3)), load)}
    source, rows = {}, []
    for number in range(TENANTS):
        tenant = f"t{number:03d}"
        delivered, present = history(rng, tenant, STATUSES, loads, gaps)
        rows += delivered
        source |= {(tenant, key): status for key, status in present.items()}
    files = files_of(rng, rows)
    runs = [files[n : n + 2] for n in range(0, len(files), 2)]
    return runs, loads, source


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
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_silver_is_what_the_rules_and_the_source_say(
    spark, tmp_path: Path, contracts, monkeypatch, delivery
):
    (runs, loads, source), root = delivery, tmp_path / str(next(_folders))
    contract, number, read = contracts["order"], 0, 0
    for files in runs:
        for is_load, rows in files:
            number += 1
            put(root, contract, number, is_load, rows)
        # By turns the driver keeps a batch's rows and the executors do.
        monkeypatch.setattr("spark_bronze_to_silver.kept.FEW_ROWS", number % 2 * 10_000)
        result = run_table(
            spark, contract, bronze=str(root / "bronze"), silver=str(root / "silver")
        )
        assert result.rows_read == result.rows_accepted + result.rows_superseded
        read += result.rows_read

    assert read == sum(len(rows) for files in runs for _, rows in files)
    columns = ("tenant_id", "id", "is_deleted", "status", "source_order")
    rows = silver_rows(root / "silver", contract, *columns)
    silver = {(r[0], r[1]): tuple(r)[2:] for r in rows}
    everything = [file for files in runs for file in files]
    assert silver == model(everything)
    if not loads or newest_load(everything) == max(loads):
        live = {key: status for key, (dead, status, _) in silver.items() if not dead}
        assert live == source
    shutil.rmtree(root)
