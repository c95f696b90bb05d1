"""The analyst guide finds every metric, mart and named query where dbt has it."""

import re

import pytest
import yaml

from lakehouse.state import REPOSITORY
from tests.integration.dbt.metric_columns import COLUMNS

GUIDE = (REPOSITORY / "docs/ANALYST_GUIDE.md").read_text()
DBT = REPOSITORY / "dbt_project"


def rows_of(heading: str) -> list[list[str]]:
    """Cells of the table whose first column has this heading."""
    table = GUIDE.split(f"\n| {heading} |")[1].split("\n\n")[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def described(folder: str, what: str) -> dict[str, dict]:
    files = [yaml.safe_load(path.read_text()) for path in (DBT / folder).rglob("*.yml")]
    return {item["name"]: item for file in files for item in file.get(what, [])}


MARTS = described("models/marts", "models")
METRIC_ROWS = rows_of("metric of `mf`")
MART_ROWS = rows_of("mart")


def test_every_metric_has_its_row_and_no_other():
    listed = [name for row in METRIC_ROWS for name in quoted(row[0])]
    assert sorted(listed) == sorted(described("models/semantic", "metrics"))


@pytest.mark.parametrize("row", METRIC_ROWS, ids=lambda row: row[0])
def test_a_metric_is_in_the_column_that_it_is_compared_with(row):
    mart, column = quoted(row[2])[0].split(".")
    compared_mart, _, _, expression = COLUMNS[quoted(row[0])[0]]
    assert mart == compared_mart
    assert {column, *quoted(row[2])[1:]} <= set(re.findall(r"\w+", expression))


def test_every_mart_has_its_row_and_no_other():
    assert sorted(name for row in MART_ROWS for name in quoted(row[0])) == sorted(MARTS)


@pytest.mark.parametrize("row", MART_ROWS, ids=lambda row: row[0])
def test_a_mart_has_the_grain_and_the_columns_that_its_row_says(row):
    mart = MARTS[quoted(row[0])[0]]
    (key,) = quoted(row[1])
    assert re.search(r"key \(?([\w, ]+)\)?[.;]", mart["description"])[1] == key
    assert {*key.split(", "), *quoted(row[2])} <= {column["name"] for column in mart["columns"]}


def test_every_named_query_has_its_row_and_no_other():
    listed = [name for row in rows_of("query in `dbt_project/analyses`") for name in quoted(row[0])]
    assert sorted(listed) == sorted(described("analyses", "analyses"))
