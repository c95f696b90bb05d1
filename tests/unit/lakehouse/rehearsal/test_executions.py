"""A query's life: states, rows, limits, cancelling; Trino is a scripted stand-in."""

import threading

import pytest
from moto.s3.models import s3_backends

from lakehouse.homes.rehearsal.athena.errors import InvalidRequestError, StatementError
from lakehouse.homes.rehearsal.athena.executions import Execution, Executions
from lakehouse.homes.rehearsal.athena.operations import _page, _shown
from lakehouse.homes.rehearsal.athena.translation.plan import Kind, Plan
from lakehouse.homes.rehearsal.athena.trino_client import Rows, _add
from lakehouse.homes.rehearsal.athena.workgroups import QuerySettings, query_settings

ACCOUNT = "555555555555"
BIGINT = {"name": "n", "typeSignature": {"rawType": "bigint", "arguments": []}}
WAIT = 5


class ScriptedTrino:
    """Answers every statement with the same rows, after it has reported what it scanned."""

    def __init__(self, rows=None, error=None, scanned=(0,)):
        self.rows, self.error, self.scanned = rows or Rows(), error, scanned
        self.go = threading.Event()
        self.go.set()
        self.running = self.most = 0
        self._lock = threading.Lock()

    def run(self, statement, *, on_progress, cancelled, **rest):
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.go.wait(WAIT)
        with self._lock:
            self.running -= 1
        for scanned in self.scanned:
            if cancelled.is_set():
                raise StatementError("USER_CANCELED", "Query was canceled")
            on_progress(scanned)
        if self.error:
            raise self.error
        return self.rows


@pytest.fixture(autouse=True)
def results():
    backend = s3_backends[ACCOUNT]["aws"]
    backend.reset()
    return backend.create_bucket("results-of-tests", "eu-central-1")


def execution(kind=Kind.DML, substatement="SELECT", limit=None, number=1, **plan):
    return Execution(
        id=f"id-{number}",
        text="select 1",
        plan=Plan(kind, substatement, ["select 1"], **plan),
        settings=QuerySettings("wg", "s3://results-of-tests/wg/", False, limit),
        account=ACCOUNT,
        principal="p",
        database="d",
        request={},
    )


def ran(one, trino):
    Executions(trino).start(one, None)
    assert one.done.wait(WAIT)
    return one


def test_a_query_has_a_header_and_a_file(results):
    one = ran(execution(), ScriptedTrino(Rows([BIGINT], [[1], [None]], scanned_bytes=7)))
    page = _page(one, {})
    assert page["ResultSet"]["Rows"] == [
        {"Data": [{"VarCharValue": "n"}]},
        {"Data": [{"VarCharValue": "1"}]},
        {"Data": [{}]},
    ]
    assert "UpdateCount" not in page
    shown = _shown(one)
    assert shown["Status"]["State"] == "SUCCEEDED"
    assert shown["Statistics"]["DataScannedInBytes"] == 7
    assert shown["ResultConfiguration"]["OutputLocation"] == "s3://results-of-tests/wg/id-1.csv"
    assert set(results.keys) == {"wg/id-1.csv", "wg/id-1.csv.metadata"}


def test_what_was_read_from_storage_is_scanned_and_nothing_else():
    rows = Rows()
    _add(rows, {"stats": {"physicalInputBytes": 0, "processedBytes": 123}})
    assert rows.scanned_bytes == 0
    for physical in (50, 40):
        _add(rows, {"stats": {"physicalInputBytes": physical}})
    assert rows.scanned_bytes == 50


def test_a_plan_has_a_header_and_its_lines():
    text = {"name": "Query Plan", "typeSignature": {"rawType": "varchar", "arguments": []}}
    answer = Rows([text], [["Trino version: 476\nFragment 0 [SINGLE]\n    Output"]])
    page = _page(ran(execution(Kind.UTILITY, "EXPLAIN"), ScriptedTrino(answer)), {})
    lines = [row["Data"][0]["VarCharValue"] for row in page["ResultSet"]["Rows"]]
    assert lines == ["Query Plan", "Fragment 0 [SINGLE]", "    Output"]


def test_pages_hold_a_thousand_rows_and_follow_each_other():
    one = ran(execution(), ScriptedTrino(Rows([BIGINT], [[n] for n in range(1500)])))
    first = _page(one, {})
    second = _page(one, {"NextToken": first["NextToken"]})
    assert [len(p["ResultSet"]["Rows"]) for p in (first, second)] == [1000, 501]
    assert "NextToken" not in second
    assert len(_page(one, {"MaxResults": 10})["ResultSet"]["Rows"]) == 10
    with pytest.raises(InvalidRequestError, match="NextToken"):
        _page(one, {"NextToken": "elsewhere"})


@pytest.mark.parametrize("substatement", ["INSERT", "MERGE", "DELETE", "UPDATE"])
def test_a_change_of_rows_has_a_count_and_no_rows(substatement):
    rows = Rows([BIGINT], [[3]], count=3, update=substatement)
    page = _page(ran(execution(substatement=substatement), ScriptedTrino(rows)), {})
    assert page["UpdateCount"] == 3
    assert page["ResultSet"]["Rows"] == []


def test_a_table_from_a_query_counts_its_rows_and_says_where_it_lies():
    rows = Rows([BIGINT], [[3]], count=3, update="CREATE TABLE")
    made = execution(Kind.DDL, "CREATE_TABLE_AS_SELECT", data_location="s3://b/t/")
    one = ran(made, ScriptedTrino(rows))
    assert _page(one, {})["UpdateCount"] == 3
    assert _shown(one)["ResultConfiguration"]["OutputLocation"] == "s3://b/t/"


def test_a_failure_carries_the_engines_words_and_no_rows():
    error = StatementError("TABLE_NOT_FOUND", "line 1:1: Table 'x' does not exist")
    one = ran(execution(), ScriptedTrino(error=error))
    status = _shown(one)["Status"]
    assert status["State"] == "FAILED"
    assert status["StateChangeReason"].startswith("TABLE_NOT_FOUND: line 1:1: Table 'x'")
    assert status["AthenaError"]["ErrorCategory"] == 2
    with pytest.raises(InvalidRequestError, match="FAILED"):
        _page(one, {})


def test_a_lost_race_for_a_commit_is_the_error_that_dbt_tries_again():
    one = ran(execution(), ScriptedTrino(error=StatementError("ICEBERG_COMMIT_ERROR", "lost")))
    assert one.error["ErrorType"] == 233
    assert one.error["Retryable"]


def test_a_query_above_the_scan_limit_is_cancelled():
    one = ran(execution(limit=100), ScriptedTrino(scanned=(50, 101)))
    assert (one.state, one.scanned_bytes) == ("CANCELLED", 101)
    assert "Bytes scanned limit was exceeded" in one.reason


def test_a_query_can_be_stopped_while_it_waits_or_runs():
    trino = ScriptedTrino()
    trino.go.clear()
    one, executions = execution(), Executions(trino)
    executions.start(one, None)
    executions.stop(one)
    trino.go.set()
    assert one.done.wait(WAIT)
    assert (one.state, one.reason) == ("CANCELLED", "Query cancelled by user")


def test_a_request_that_comes_twice_is_one_query():
    executions = Executions(ScriptedTrino())
    first = executions.start(execution(number=1), "token")
    again = executions.start(execution(number=2), "token")
    other = executions.start(execution(number=3), "another")
    assert (first, again, other) == ("id-1", "id-1", "id-3")


def test_more_than_ten_queries_run_at_once():
    trino = ScriptedTrino(Rows([BIGINT], [[1]]))
    trino.go.clear()
    executions, many = Executions(trino), [execution(number=n) for n in range(30)]
    for one in many:
        executions.start(one, None)
    threading.Timer(0.3, trino.go.set).start()
    assert all(one.done.wait(WAIT) for one in many)
    assert {one.state for one in many} == {"SUCCEEDED"}
    assert trino.most > 10


def workgroup(enforced, output="s3://own/", limit=None, state="ENABLED"):
    configuration = {
        "EnforceWorkGroupConfiguration": enforced,
        "ResultConfiguration": {"OutputLocation": output} if output else {},
    }
    if limit:
        configuration["BytesScannedCutoffPerQuery"] = limit
    return {"State": state, "Configuration": configuration}


@pytest.mark.parametrize(
    ("enforced", "own", "asked", "output"),
    [
        (True, "s3://own", "s3://asked/x", "s3://own/"),
        (False, "s3://own/", "s3://asked/x", "s3://asked/x/"),
        (False, "s3://own/", None, "s3://own/"),
        (True, None, "s3://asked/", "s3://asked/"),
    ],
)
def test_whose_output_location_counts(enforced, own, asked, output):
    settings = query_settings("wg", workgroup(enforced, own), {"OutputLocation": asked})
    assert settings.output == output


@pytest.mark.parametrize(
    ("group", "words"),
    [
        (None, "not found"),
        (workgroup(True, None), "No output location"),
        (workgroup(True, state="DISABLED"), "disabled"),
        (workgroup(True, "elsewhere"), "valid S3 path"),
    ],
)
def test_a_workgroup_that_cannot_serve_says_why(group, words):
    with pytest.raises(InvalidRequestError, match=words):
        query_settings("wg", group, {})
