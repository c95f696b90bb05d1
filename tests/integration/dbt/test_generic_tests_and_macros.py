import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.integration.dbt.dbt_process import REPOSITORY, run_dbt

pytestmark = pytest.mark.dbt
PROJECT = Path(__file__).parent / "generic_tests_project"
FAILING_ROWS = {
    "primary_key": 2,
    "expression_is_true": 2,
    "no_nulls": 2,
    "no_negatives": 1,
    "accepted_range": 2,
    "relationships_within_tenant": 1,
    "no_gaps": 2,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generic")


@pytest.fixture(scope="module")
def failures(folder: Path) -> dict[tuple[str, str], int]:
    """Failing rows by generic test and model."""
    results = run_dbt(folder, "build", project=PROJECT, check=False)["results"]
    nodes = json.loads((folder / "target" / "manifest.json").read_text())["nodes"]
    counts = {}
    for result in results:
        node = nodes[result["unique_id"]]
        if node["resource_type"] == "test":
            model = node["attached_node"].split(".")[-1]
            counts[node["test_metadata"]["name"], model] = result["failures"]
    return counts


def test_every_generic_test_of_the_project_is_tried_here():
    files = (REPOSITORY / "dbt_project" / "tests" / "generic").glob("*.sql")
    assert {f.stem for f in files} == set(FAILING_ROWS)


@pytest.mark.parametrize("test", FAILING_ROWS)
def test_a_generic_test_finds_each_broken_row(failures, test):
    assert failures[test, "bad"] == FAILING_ROWS[test]


@pytest.mark.parametrize("test", FAILING_ROWS)
def test_a_generic_test_lets_good_rows_pass(failures, test):
    assert failures[test, "good"] == 0


def test_nulls_count_as_equal_where_a_key_may_have_them(failures):
    """One key twice with a null that may be there, and one null that may not."""
    assert failures["primary_key", "nullable_key"] == 2


def test_macros_return_what_their_comments_say(folder, failures):
    with duckdb.connect(folder / "lakehouse.duckdb", read_only=True) as connection:
        result = connection.execute("select * from lakehouse_gold.macro_values")
        columns = [column[0] for column in result.description]
        values = dict(zip(columns, result.fetchone(), strict=True))
    assert [d.date() for d in values.pop("days")] == [
        dt.date(2026, 1, 30),
        dt.date(2026, 1, 31),
        dt.date(2026, 2, 1),
    ]
    assert [d.date() for d in values.pop("months")] == [
        dt.date(2025, 12, 1),
        dt.date(2026, 1, 1),
        dt.date(2026, 2, 1),
    ]
    assert values == {
        "as_of_date": dt.date(2026, 1, 31),
        "utc_timestamp": dt.datetime(2025, 12, 31, 23, 30, 0, 123456),
        "days_after": dt.date(2024, 3, 1),
        "days_before": dt.date(2024, 2, 29),
        "month_start": dt.date(2024, 2, 1),
        "month_end": dt.date(2024, 2, 29),
        "quarter_start": dt.date(2024, 4, 1),
        "quarter_end": dt.date(2024, 6, 30),
        "money": Decimal("1.01"),
        "ratio": 0.25,
        "ratio_of_zero": None,
        "growth": -0.25,
        "growth_from_zero": None,
        "integer_quotient": 3,
        "half_cent_up": Decimal("0.51"),
        "half_cent_down": Decimal("-0.51"),
        "two_thirds": Decimal("0.67"),
        "large_average": Decimal("22500000000000.01"),
        "average_of_none": None,
        "average_of_null": None,
        # As doubles these add up to 0.6000000000000001.
        "mean_seconds": 0.2,
        "mean_of_none": None,
    }
