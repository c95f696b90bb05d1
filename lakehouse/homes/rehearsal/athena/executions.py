"""Query executions: their states, their runs, what they found."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from lakehouse.homes.rehearsal.athena.errors import StatementError
from lakehouse.homes.rehearsal.athena.results.columns import column_info, described
from lakehouse.homes.rehearsal.athena.results.files import Row, put_object, write_result
from lakehouse.homes.rehearsal.athena.results.values import text_of
from lakehouse.homes.rehearsal.athena.translation.plan import Kind, Plan
from lakehouse.homes.rehearsal.athena.trino_client import Rows, TrinoClient
from lakehouse.homes.rehearsal.athena.workgroups import QuerySettings
from lakehouse.homes.rehearsal.engine.settings import ICEBERG, MAX_PARTITIONS

# Queries that run at the same time; further ones are QUEUED.
SLOTS = 16
SESSION = {f"{ICEBERG}.max_partitions_per_writer": str(MAX_PARTITIONS)}
SCAN_LIMIT = "Bytes scanned limit was exceeded"
FINAL = {"SUCCEEDED", "FAILED", "CANCELLED"}


@dataclass
class Execution:
    """One query: what was asked, where it stands, what it found."""

    id: str
    text: str
    plan: Plan
    settings: QuerySettings
    account: str
    principal: str
    database: str
    request: Mapping[str, Any]
    state: str = "QUEUED"
    reason: str | None = None
    error: dict[str, Any] | None = None
    columns: list[dict[str, Any]] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    updated_rows: int | None = None
    scanned_bytes: int = 0
    submitted: float = field(default_factory=time.time)
    started: float | None = None
    completed: float | None = None
    done: threading.Event = field(default_factory=threading.Event)
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def result_location(self) -> str:
        """Where the rows lie, or the files that a CREATE TABLE AS made."""
        if self.plan.data_location:
            return self.plan.data_location
        if self.plan.kind is Kind.DML:
            suffix = ".csv" if self.plan.substatement == "SELECT" else ""
            return f"{self.settings.output}{self.id}{suffix}"
        return f"{self.settings.output}{self.id}.txt"


class Executions:
    """All executions since the server started, newest last."""

    def __init__(self, trino: TrinoClient) -> None:
        self._trino = trino
        self._pool = ThreadPoolExecutor(SLOTS, thread_name_prefix="athena")
        self._all: dict[str, Execution] = {}
        self._by_token: dict[tuple[str, str], str] = {}

    def start(self, execution: Execution, token: str | None) -> str:
        """Queue it; the id. A request with a token that was seen before is the same request."""
        key = (execution.principal, token or execution.id)
        if key in self._by_token:
            return self._by_token[key]
        self._by_token[key] = execution.id
        self._all[execution.id] = execution
        self._pool.submit(self._run, execution)
        return execution.id

    def find(self, execution_id: str) -> Execution | None:
        """The execution of that id."""
        return self._all.get(execution_id)

    def of(self, workgroup: str) -> list[Execution]:
        """A workgroup's executions, newest first."""
        found = [e for e in list(self._all.values()) if e.settings.workgroup == workgroup]
        return found[::-1]

    def stop(self, execution: Execution) -> None:
        """Cancel it, unless it has ended."""
        execution.cancelled.set()

    def _run(self, execution: Execution) -> None:
        execution.started = time.time()
        execution.state = "RUNNING"
        try:
            if execution.cancelled.is_set():
                raise StatementError("USER_CANCELED", "Query was canceled")
            self._carry_out(execution)
            self._write(execution)
            execution.state = "SUCCEEDED"
        except StatementError as error:
            _fail(execution, error)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            _fail(execution, StatementError("INTERNAL_ERROR", text, category=1))
        finally:
            execution.completed = time.time()
            execution.done.set()

    def _carry_out(self, execution: Execution) -> None:
        plan, rows = execution.plan, Rows()
        for statement in plan.trino:
            rows = self._trino.run(
                statement,
                user=execution.principal,
                database=execution.database,
                session={**SESSION, **plan.session},
                on_progress=_limit(execution),
                cancelled=execution.cancelled,
            )
            execution.scanned_bytes += rows.scanned_bytes
        found = _as_text(rows)
        answer = plan.act(found) if plan.act else None
        if answer is not None:
            execution.columns = [described(name) for name in answer.columns]
            execution.rows = [list(row) for row in answer.rows]
        elif plan.kind is Kind.DML and rows.update and rows.update != "SELECT":
            execution.updated_rows = rows.count or 0
            execution.columns = [described("rows", "bigint", precision=19)]
        elif plan.kind is not Kind.DDL:
            execution.columns = [column_info(column) for column in rows.columns]
            execution.rows = _explained(found) if plan.substatement == "EXPLAIN" else found
        if plan.substatement == "CREATE_TABLE_AS_SELECT":
            execution.updated_rows = rows.count or 0

    def _write(self, execution: Execution) -> None:
        plan = execution.plan
        if plan.data_location or (plan.kind is Kind.DML and execution.updated_rows is not None):
            # Athena lists the files that the statement wrote; the rehearsal does not know them.
            manifest = f"{execution.settings.output}{execution.id}-manifest.csv"
            put_object(execution.account, manifest, b"")
        else:
            write_result(
                execution.account,
                execution.result_location,
                plan.kind,
                execution.columns,
                execution.rows,
            )


def _limit(execution: Execution) -> Callable[[int], None]:
    limit, before = execution.settings.scan_limit_bytes, execution.scanned_bytes

    def check(scanned: int) -> None:
        if limit is not None and before + scanned > limit:
            execution.scanned_bytes = before + scanned
            raise StatementError("EXCEEDED_SCAN_LIMIT", SCAN_LIMIT)

    return check


def _as_text(rows: Rows) -> list[list[str | None]]:
    signatures = [column["typeSignature"] for column in rows.columns]
    return [
        [text_of(value, of) for value, of in zip(row, signatures, strict=True)]
        for row in rows.values
    ]


def _explained(rows: Sequence[Row]) -> list[list[str | None]]:
    """The plan line by line, without Trino's first line, its version."""
    lines = [line for row in rows for line in (row[0] or "").splitlines()]
    return [[line] for line in lines if not line.startswith("Trino version")]


def _fail(execution: Execution, error: StatementError) -> None:
    if execution.cancelled.is_set():
        execution.state, execution.reason = "CANCELLED", "Query cancelled by user"
        return
    if error.message == SCAN_LIMIT:
        execution.state, execution.reason = "CANCELLED", f"Query cancelled! : {SCAN_LIMIT}"
        return
    execution.state = "FAILED"
    execution.reason = (
        f"{error.kind}: {error.message}. If a data manifest file was generated, you may need to "
        "manually clean the data from locations specified in the manifest. Athena will not delete "
        f"data in your account. [Execution ID: {execution.id}]"
    )
    execution.error = {
        "ErrorCategory": error.category,
        # 233: a commit of Iceberg that lost a race, which dbt-athena tries again.
        "ErrorType": 233 if error.kind == "ICEBERG_COMMIT_ERROR" else 1001,
        "Retryable": error.kind == "ICEBERG_COMMIT_ERROR",
        "ErrorMessage": execution.reason,
    }
