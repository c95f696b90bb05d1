"""Clients that know nothing of this project run queries unmodified."""

import json
import os
import shutil
import subprocess

import pytest

from lakehouse.rehearsal.stage import NAME

pytestmark = pytest.mark.rehearsal

QUERY = "select tenant_id, count(*) as orders from lakehouse_gold.fct_orders group by 1 order by 1"
WORKGROUP = f"{NAME}-data-engineering"


@pytest.fixture(autouse=True)
def environment(stage, monkeypatch):
    for name, value in stage.emulator.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def expected(athena):
    return [(tenant, int(orders)) for tenant, orders in athena(QUERY)]


def test_pyathena(stage, expected):
    from pyathena import connect

    cursor = connect(work_group=WORKGROUP).cursor()
    cursor.execute(QUERY)
    assert list(cursor) == expected
    tenant = expected[0][0]
    cursor.execute(
        "select count(*) from lakehouse_gold.fct_orders where tenant_id = %(tenant)s",
        {"tenant": tenant},
    )
    assert cursor.fetchone() == (expected[0][1],)


def test_pyathena_with_parameters_and_the_result_file(stage, expected):
    from pyathena import connect
    from pyathena.pandas.cursor import PandasCursor

    cursor = connect(work_group=WORKGROUP, cursor_class=PandasCursor).cursor()
    frame = cursor.execute(QUERY).as_pandas()
    assert list(frame.itertuples(index=False, name=None)) == expected
    found = cursor.execute(
        "select count(*) as n from lakehouse_gold.fct_orders where tenant_id = ?",
        [f"'{expected[0][0]}'"],
        paramstyle="qmark",
    ).as_pandas()
    assert found["n"].tolist() == [expected[0][1]]


def test_awswrangler(expected):
    wrangler = pytest.importorskip("awswrangler")
    frame = wrangler.athena.read_sql_query(
        QUERY, database="lakehouse_gold", workgroup=WORKGROUP, ctas_approach=False
    )
    assert list(frame.itertuples(index=False, name=None)) == expected


def test_the_aws_cli(expected):
    program = os.environ.get("LAKEHOUSE_AWS_CLI") or shutil.which("aws")
    if not program:
        pytest.skip("the AWS CLI is not installed")

    def aws(*arguments):
        command = [program, "athena", *arguments, "--output", "json"]
        return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    started = aws("start-query-execution", "--work-group", WORKGROUP, "--query-string", QUERY)
    asked = ("--query-execution-id", started["QueryExecutionId"])
    while aws("get-query-execution", *asked)["QueryExecution"]["Status"]["State"] != "SUCCEEDED":
        pass
    rows = aws("get-query-results", *asked)["ResultSet"]["Rows"][1:]
    found = [[value["VarCharValue"] for value in row["Data"]] for row in rows]
    assert [(tenant, int(orders)) for tenant, orders in found] == expected
