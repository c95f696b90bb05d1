"""Whatever order, grouping or repetition Bronze files arrive in, Silver ends the same.

The expectation is a plain-Python model of the rules: per row the change with the highest sequence.
"""

import itertools
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spark_bronze_to_silver.to_silver import run_table
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze

pytestmark = [pytest.mark.spark, pytest.mark.slow]

STATUSES = ("pending", "processing", "completed", "cancelled")
_folders = itertools.count()


@st.composite
def deliveries(draw):
    """Runs of a job: each a list of files, each a list of (key, op, status, sequence)."""
    log = [
        (
            draw(st.sampled_from("abc")),
            draw(st.sampled_from("IUD")),
            draw(st.sampled_from(STATUSES)),
        )
        for _ in range(draw(st.integers(1, 12)))
    ]
    changes = [(*change, number) for number, change in enumerate(log, start=1)]
    loaded = [(key, "I", "pending", 0) for key in draw(st.sets(st.sampled_from("abcd")))]
    again = draw(st.lists(st.sampled_from(changes + loaded), max_size=5))
    rows = draw(st.permutations(changes + loaded + again))
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=3)))
    files = [rows[a:b] for a, b in itertools.pairwise([0, *cuts, len(rows)]) if a < b]
    together = draw(st.integers(1, 3))
    return [files[n : n + together] for n in range(0, len(files), together)]


def model(runs):
    """Row id to (is_deleted, status, sequence) after everything has arrived."""
    state = {}
    for key, op, status, number in itertools.chain.from_iterable(itertools.chain(*runs)):
        if key not in state or number >= state[key][2]:
            state[key] = (op == "D", status, number)
    return state


@given(deliveries())
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_silver_is_what_the_rules_say(spark, tmp_path: Path, contracts, runs):
    contract, root = contracts["order"], tmp_path / str(next(_folders))
    number, read = 0, 0
    for files in runs:
        for rows in files:
            number += 1
            bronze_rows = [
                bronze_row(contract, op, seq, id=key, status=status)
                for key, op, status, seq in rows
            ]
            name = cdc_name(1000 - number if number % 2 else number)
            write_bronze(root / "bronze", contract, name, bronze_rows)
        result = run_table(
            spark, contract, bronze=str(root / "bronze"), silver=str(root / "silver")
        )
        assert result.rows_read == result.rows_accepted + result.rows_superseded
        read += result.rows_read

    assert read == sum(len(rows) for files in runs for rows in files)
    frame = spark.read.format("hudi").load(str(root / "silver" / "order"))
    silver = {
        r.id: (r.is_deleted, r.status, int(r.source_seq))
        for r in frame.select("id", "is_deleted", "status", "source_seq").collect()
    }
    assert silver == model(runs)
    shutil.rmtree(root)
