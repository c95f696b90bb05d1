"""The operations of Athena's API that moto answers without running anything, run.

`serve_queries` puts them into moto's server; without it (no Trino) moto's own answers stay.
"""

import math
import os
import time
import uuid
from functools import partial
from pathlib import Path
from typing import Any

from moto.athena.models import AthenaBackend
from moto.athena.responses import AthenaResponse

from lakehouse.homes.rehearsal.athena.access.gate import Gate
from lakehouse.homes.rehearsal.athena.access.policy import Policy
from lakehouse.homes.rehearsal.athena.catalog import Catalog
from lakehouse.homes.rehearsal.athena.errors import (
    AccessDeniedError,
    InvalidRequestError,
    StatementError,
)
from lakehouse.homes.rehearsal.athena.executions import FINAL, Execution, Executions
from lakehouse.homes.rehearsal.athena.translation import Context, translate
from lakehouse.homes.rehearsal.athena.translation.plan import Kind, Plan
from lakehouse.homes.rehearsal.athena.trino_client import TrinoClient
from lakehouse.homes.rehearsal.athena.workgroups import PRIMARY, query_settings
from lakehouse.homes.rehearsal.identity.policies import permits
from lakehouse.homes.rehearsal.identity.principals import principal_of
from lakehouse.homes.rehearsal.services.extending import Answer, Parameters, operation

TRINO_VARIABLE, RULES_VARIABLE = "LAKEHOUSE_TRINO_URL", "LAKEHOUSE_TRINO_RULES"
# A client that asks for a state gets its answer at the end of the query or after this long, so its
# own interval between two questions costs nothing; clients wait 60 s for an answer.
LONG_POLL_SECONDS = 10
# Statements whose first row says how the columns are called; dbt-athena reads it off a plan too.
WITH_HEADER = ("SELECT", "EXPLAIN")
MAX_ROWS, MAX_LISTED = 1000, 50
ENGINE = {
    "SelectedEngineVersion": "Athena engine version 3",
    "EffectiveEngineVersion": "Athena engine version 3",
}


def serve_queries() -> None:
    """Make this process's Athena run queries on the Trino that the environment names, if any."""
    if url := os.environ.get(TRINO_VARIABLE):
        _register(Executions(TrinoClient(url)), Gate(Path(os.environ[RULES_VARIABLE])))


def _register(executions: Executions, gate: Gate) -> None:
    @operation(AthenaResponse)
    def start_query_execution(self: AthenaResponse, asked: Parameters) -> Answer:
        """StartQueryExecution."""
        principal = principal_of(self.headers, self.current_account)
        name = asked.get("WorkGroup") or PRIMARY
        settings = query_settings(
            name, self.athena_backend.get_work_group(name), asked.get("ResultConfiguration") or {}
        )
        _permit(self, principal, "StartQueryExecution", name)
        _permit_results(self, principal, settings.output)
        policy = gate.policy(self.current_account, self.region)
        place = asked.get("QueryExecutionContext") or {}
        context = Context(
            database=(place.get("Database") or "default").lower(),
            catalog=Catalog(self.current_account, self.region),
            query_id=str(uuid.uuid4()),
            output=settings.output,
            enforced=settings.enforced,
            visible=partial(policy.sees, principal),
            prepared=partial(_prepared, self.athena_backend, name),
            prepare=partial(_prepare, self.athena_backend, name),
        )
        plan = _plan(asked, context)
        _require(policy, principal, plan)
        execution = Execution(
            id=context.query_id,
            text=asked["QueryString"],
            plan=plan,
            settings=settings,
            account=self.current_account,
            principal=principal,
            database=context.database,
            request=asked,
        )
        return {"QueryExecutionId": executions.start(execution, asked.get("ClientRequestToken"))}

    @operation(AthenaResponse)
    def get_query_execution(self: AthenaResponse, asked: Parameters) -> Answer:
        """GetQueryExecution."""
        execution = _found(self, executions, asked["QueryExecutionId"], "GetQueryExecution")
        execution.done.wait(LONG_POLL_SECONDS)
        return {"QueryExecution": _shown(execution)}

    @operation(AthenaResponse)
    def batch_get_query_execution(self: AthenaResponse, asked: Parameters) -> Answer:
        """BatchGetQueryExecution."""
        principal = principal_of(self.headers, self.current_account)
        found = {i: executions.find(i) for i in asked["QueryExecutionIds"]}
        for execution in filter(None, found.values()):
            _permit(self, principal, "BatchGetQueryExecution", execution.settings.workgroup)
        return {
            "QueryExecutions": [_shown(e) for e in found.values() if e],
            "UnprocessedQueryExecutionIds": [
                {"QueryExecutionId": i, "ErrorCode": "INVALID_INPUT", "ErrorMessage": "not found"}
                for i, e in found.items()
                if e is None
            ],
        }

    @operation(AthenaResponse)
    def get_query_results(self: AthenaResponse, asked: Parameters) -> Answer:
        """GetQueryResults: the first row of a query's first page holds the columns' names."""
        execution = _found(self, executions, asked["QueryExecutionId"], "GetQueryResults")
        return _page(execution, asked)

    @operation(AthenaResponse)
    def get_query_runtime_statistics(self: AthenaResponse, asked: Parameters) -> Answer:
        """GetQueryRuntimeStatistics: times and bytes, without stages."""
        execution = _found(self, executions, asked["QueryExecutionId"], "GetQueryRuntimeStatistics")
        return {
            "QueryRuntimeStatistics": {
                "Timeline": _statistics(execution),
                "Rows": {"OutputRows": len(execution.rows)},
            }
        }

    @operation(AthenaResponse)
    def stop_query_execution(self: AthenaResponse, asked: Parameters) -> None:
        """StopQueryExecution; one that has ended stays as it is."""
        executions.stop(_found(self, executions, asked["QueryExecutionId"], "StopQueryExecution"))

    @operation(AthenaResponse)
    def list_query_executions(self: AthenaResponse, asked: Parameters) -> Answer:
        """ListQueryExecutions of a workgroup, newest first."""
        workgroup = asked.get("WorkGroup") or PRIMARY
        principal = principal_of(self.headers, self.current_account)
        _permit(self, principal, "ListQueryExecutions", workgroup)
        ids = [e.id for e in executions.of(workgroup)]
        start, number = _window(asked, MAX_LISTED)
        following = {"NextToken": str(start + number)} if start + number < len(ids) else {}
        return {"QueryExecutionIds": ids[start : start + number], **following}


def _plan(asked: Parameters, context: Context) -> Plan:
    """The plan; one that fails when the catalog says so, as Athena then takes the query."""
    try:
        return translate(asked["QueryString"], context, asked.get("ExecutionParameters") or ())
    except StatementError as error:
        failure = error

    def fail(rows: object) -> None:
        raise failure

    return Plan(Kind.DDL, "FAILED", act=fail)


def _require(policy: Policy, principal: str, plan: Plan) -> None:
    for need in plan.needs:
        if not policy.allows(principal, need):
            raise AccessDeniedError(
                f"Insufficient Lake Formation permission(s): Required {need.permission} on "
                f"{need.table or need.database}"
            )


def _prepared(backend: AthenaBackend, workgroup: str, name: str) -> str | None:
    found = backend.get_prepared_statement(name, backend.work_groups[workgroup])
    return found.query_statement if found else None


def _prepare(backend: AthenaBackend, workgroup: str, name: str, text: str | None) -> None:
    if text is None:
        backend.prepared_statements.pop(name, None)
    else:
        backend.create_prepared_statement(name, backend.work_groups[workgroup], text, "")


def _permit(self: AthenaResponse, principal: str, action: str, workgroup: str) -> None:
    """AccessDeniedError unless the principal's own policies allow the action in the workgroup."""
    account = self.current_account
    resource = f"arn:aws:athena:{self.region}:{account}:workgroup/{workgroup}"
    if not permits(account, principal, f"athena:{action}", resource):
        raise AccessDeniedError(
            f"User: {principal} is not authorized to perform: athena:{action} on resource: "
            f"{resource}"
        )


def _permit_results(self: AthenaResponse, principal: str, output: str) -> None:
    """Athena writes results with the caller's rights: AccessDeniedError when it has none there."""
    resource = f"arn:aws:s3:::{output.removeprefix('s3://')}result.csv"
    if not permits(self.current_account, principal, "s3:PutObject", resource):
        raise AccessDeniedError(f"Access denied when writing output to url: {output}")


def _found(
    self: AthenaResponse, executions: Executions, execution_id: str, action: str
) -> Execution:
    principal = principal_of(self.headers, self.current_account)
    execution = executions.find(execution_id)
    if execution is None:
        raise InvalidRequestError(f"QueryExecution {execution_id} was not found")
    _permit(self, principal, action, execution.settings.workgroup)
    return execution


def _shown(execution: Execution) -> Answer:
    status: dict[str, Any] = {
        "State": execution.state,
        "SubmissionDateTime": execution.submitted,
    }
    if execution.completed:
        status["CompletionDateTime"] = execution.completed
    if execution.reason:
        status["StateChangeReason"] = execution.reason
    if execution.error:
        status["AthenaError"] = execution.error
    return {
        "QueryExecutionId": execution.id,
        "Query": execution.text,
        "StatementType": execution.plan.kind,
        "SubstatementType": execution.plan.substatement,
        "WorkGroup": execution.settings.workgroup,
        "QueryExecutionContext": execution.request.get("QueryExecutionContext") or {},
        "ExecutionParameters": execution.request.get("ExecutionParameters") or [],
        "ResultConfiguration": {
            **(execution.request.get("ResultConfiguration") or {}),
            "OutputLocation": execution.result_location,
        },
        "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}},
        "Status": status,
        "EngineVersion": ENGINE,
        "Statistics": {
            **_statistics(execution),
            "DataScannedInBytes": execution.scanned_bytes,
            "ResultReuseInformation": {"ReusedPreviousResult": False},
        },
    }


def _statistics(execution: Execution) -> dict[str, int]:
    end = execution.completed or time.time()
    start = execution.started or end
    return {
        "QueryQueueTimeInMillis": _milliseconds(start - execution.submitted),
        "EngineExecutionTimeInMillis": _milliseconds(end - start),
        "TotalExecutionTimeInMillis": _milliseconds(end - execution.submitted),
    }


def _milliseconds(seconds: float) -> int:
    return math.ceil(1000 * seconds)


def _page(execution: Execution, asked: Parameters) -> Answer:
    if execution.state != "SUCCEEDED":
        ended = "" if execution.state in FINAL else " yet"
        raise InvalidRequestError(
            f"Query has not finished successfully{ended}. Current state: {execution.state}"
        )
    plan = execution.plan
    names = [c["Name"] for c in execution.columns]
    header = [names] if plan.substatement in WITH_HEADER else []
    rows = [*header, *execution.rows]
    start, number = _window(asked, MAX_ROWS)
    answer: Answer = {
        "ResultSet": {
            "Rows": [{"Data": [_datum(v) for v in row]} for row in rows[start : start + number]],
            "ResultSetMetadata": {"ColumnInfo": execution.columns},
        }
    }
    if execution.updated_rows is not None:
        answer["UpdateCount"] = execution.updated_rows
    if start + number < len(rows):
        answer["NextToken"] = str(start + number)
    return answer


def _datum(value: str | None) -> dict[str, str]:
    return {} if value is None else {"VarCharValue": value}


def _window(asked: Parameters, most: int) -> tuple[int, int]:
    """First index and number of what was asked for."""
    token = asked.get("NextToken") or "0"
    if not token.isdigit():
        raise InvalidRequestError("Invalid NextToken")
    return int(token), min(int(asked.get("MaxResults") or most), most)
