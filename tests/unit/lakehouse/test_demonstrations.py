"""Demonstrations fail as they should: without the demo's state, and when a claim does not hold."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from lakehouse.costs.storage import read_lifecycle, storage_month
from lakehouse.demo.proof import Proof
from lakehouse.demo.question import Layer
from lakehouse.errors import LakehouseError
from lakehouse.state import REPOSITORY
from tests.unit.lakehouse.test_command_line import assert_clear_failure, run

PRICES = {
    "s3_standard_gb_month": 0.02,
    "s3_standard_ia_gb_month": 0.01,
    "s3_glacier_gb_month": 0.004,
}


@pytest.mark.parametrize("name", ["cdc", "history", "isolation", "time-travel", "cost"])
def test_without_the_demo_it_says_what_to_run(tmp_path, name):
    assert_clear_failure(run("demo", name, state=tmp_path), "make demo", "nothing was done")


def test_a_claim_that_does_not_hold_fails_and_is_named():
    proof = Proof(Console(file=io.StringIO()), "x")
    proof.claim("one is one", True)
    proof.claim("one is two", False)
    with pytest.raises(LakehouseError, match="x failed: one is two"):
        proof.close()


def test_a_proof_without_claims_fails():
    with pytest.raises(LakehouseError, match="nothing was shown"):
        Proof(Console(file=io.StringIO()), "x").close()


@pytest.mark.parametrize("files", [1, 2])
def test_a_layers_rows_are_counted_in_one_file_and_in_several(tmp_path, files):
    paths = tuple(tmp_path / f"{number}.parquet" for number in range(files))
    for path in paths:
        pq.write_table(pa.table({"id": [1, 2, 3]}), path)
    assert Layer("Silver", "", paths).rows == 3 * files


def test_storage_costs_what_its_ages_cost():
    rules = {"GLACIER": 180, "STANDARD_IA": 90}
    month = storage_month(1, 200, rules, PRICES)
    assert month.gb == 200
    assert month.without_rules == pytest.approx(200 * 0.02)
    assert month.with_rules == pytest.approx(90 * 0.02 + 90 * 0.01 + 20 * 0.004)


@pytest.mark.parametrize(("days", "usd"), [(0, 0), (89, 89 * 0.02), (90, 1.8), (91, 1.81)])
def test_young_objects_cost_the_standard_price(days, usd):
    assert storage_month(1, days, {"STANDARD_IA": 90}, PRICES).with_rules == pytest.approx(usd)


def test_the_rules_are_terraforms():
    assert read_lifecycle(REPOSITORY)["bronze"] == {"STANDARD_IA": 90, "GLACIER": 180}
