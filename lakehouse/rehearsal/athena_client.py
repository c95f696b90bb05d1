"""Asks the rehearsal's Athena as any client does: boto3, polling, pages."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lakehouse.errors import LakehouseError
from lakehouse.homes.rehearsal.emulator import Emulator

FINAL = {"SUCCEEDED", "FAILED", "CANCELLED"}
PAUSE = 0.05


class QueryFailedError(LakehouseError):
    """A query that did not succeed; the message is Athena's reason."""


@dataclass(frozen=True)
class Result:
    """Text values, None for null, and the type of each column by its name."""

    types: Mapping[str, str]
    rows: Sequence[tuple[str | None, ...]]


class AthenaClient:
    """Athena for one principal in one workgroup."""

    def __init__(
        self, emulator: Emulator, workgroup: str, credentials: Mapping[str, str] | None = None
    ) -> None:
        self._athena = emulator.client("athena", **(credentials or {}))
        self._workgroup = workgroup

    def query(self, sql: str, *, database: str = "default", output: str | None = None) -> Result:
        """The whole result of a statement. Raises QueryFailedError, and botocore's ClientError
        when the request itself is refused.
        """
        where = {"ResultConfiguration": {"OutputLocation": output}} if output else {}
        started = self._athena.start_query_execution(
            QueryString=sql,
            WorkGroup=self._workgroup,
            QueryExecutionContext={"Database": database},
            **where,
        )
        execution = self._ended(started["QueryExecutionId"])
        if execution["Status"]["State"] != "SUCCEEDED":
            raise QueryFailedError(execution["Status"]["StateChangeReason"])
        return self._result(execution)

    def _ended(self, execution_id: str) -> dict[str, Any]:
        while True:
            answer = self._athena.get_query_execution(QueryExecutionId=execution_id)
            if answer["QueryExecution"]["Status"]["State"] in FINAL:
                return answer["QueryExecution"]
            time.sleep(PAUSE)

    def _result(self, execution: dict[str, Any]) -> Result:
        pages = list(
            self._athena.get_paginator("get_query_results").paginate(
                QueryExecutionId=execution["QueryExecutionId"]
            )
        )
        described = pages[0]["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
        rows = [
            tuple(value.get("VarCharValue") for value in row["Data"])
            for page in pages
            for row in page["ResultSet"]["Rows"]
        ]
        has_header = execution["StatementType"] == "DML" and "UpdateCount" not in pages[0]
        return Result(
            {column["Name"]: column["Type"] for column in described},
            rows[1:] if has_header else rows,
        )


def credentials_of(emulator: Emulator, role: str) -> dict[str, str]:
    """boto3's arguments for a session of the role."""
    answer = emulator.client("sts").assume_role(RoleArn=role, RoleSessionName="rehearsal")
    given = answer["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
